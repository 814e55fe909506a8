#include "multipart_case.hpp"

#include <gtest/gtest.h>

#include <string>

namespace chartsight {
namespace {

using namespace multipart_case;
using namespace std::string_literals;

const std::string kA = "Content-Disposition: form-data; name=a\r\n\r\n";

TEST(MultipartCases, FindsDelimitersOnlyAtLineStarts) {
    expect_each({
        {"--abc\r\n" + kA + "x\r\n--abc--\r\n", "a=x"},
        {"--abc\r\n" + kA + "x\r\n--abc--", "a=x"},
        {"--abc\r\n" + kA + "x\r\n--abc--\n", "a=x"},
        {"--abc\r\n" + kA + "x\r\n--abc-- \t \r\n", "a=x"},
        {"--abc\r\n" + kA + "x\r\n--abc--\r\nepilogue", "a=x"},
        {"--abc\r\n" + kA + "x\r\n--abc--\r\n--abc\r\n" + kA + "epilogue\r\n--abc--", "a=x"},
        {"preamble\r\n--abc\r\n" + kA + "x\r\n--abc--", "a=x"},
        {"preamble\n--abc\r\n" + kA + "x\r\n--abc--", "a=x"},
        {"preamble --abc\r\n--abcd\r\n--abc\r\n" + kA + "x\r\n--abc--", "a=x"},
        {"\r\n--abc\r\n" + kA + "x\r\n--abc--", "a=x"},
        {"\r\n\r\n\r\n--abc\r\n" + kA + "x\r\n--abc--", "a=x"},
        {"--abc \t\r\n" + kA + "x\r\n--abc  \r\n" + kA + "y\r\n--abc--", "a=x|a=y"},
        {"--abc\t\n" + kA + "x\r\n--abc--", "a=x"},
        {"--abc\r\n" + kA + "x\r\n--abc\r\n" + kA + "y\r\n--abc--", "a=x|a=y"},
        {"--abc\r\n" + kA + "\r\n--abc--", "a="},
        {"--abc\r\n" + kA + "--abc--", "a="},
        {"--abc\r\n" + kA + "--abc\r\n" + kA + "--abc--", "a=|a="},
        {"--abc\r\n" + kA + "\n--abc--", "a="},
        {"--abc\r\n" + kA + "x\n--abc--", "a=x"},
        {"--abc\r\n" + kA + "x\n\r\n--abc--", "a=x\n"},
        {"--abc\r\n" + kA + "x\r\n\r\n--abc--", "a=x\r\n"},
        {"--abc\r\n" + kA + "x\r\r\n--abc--", "a=x\r"},
        {"--abc\r\n" + kA + "x\r\n\n--abc--", "a=x\r\n"},
        {"--abc\r\n" + kA + "x\r--abc--", "a=x\r--abc--"},
        {"--abc\r\n" + kA + "x\r\n--abcdef\r\n--abc--", "a=x\r\n--abcdef"},
        {"--abc\r\n" + kA + "x\r\n--abc def\r\n--abc--", "a=x\r\n--abc def"},
        {"--abc\r\n" + kA + "x\r\n--abc-\r\n--abc--", "a=x\r\n--abc-"},
        {"--abc\r\n" + kA + "x\r\n--abc---\r\n--abc--", "a=x\r\n--abc---"},
        {"--abc\r\n" + kA + "x\r\n--abc--y\r\n--abc--", "a=x\r\n--abc--y"},
        {"--abc\r\n" + kA + "x\r\n--abc\ry\r\n--abc--", "a=x\r\n--abc\ry"},
        {"--abc\r\n" + kA + "x\r\n--abc\0\r\n--abc--"s, "a=x\r\n--abc\0"s},
        {"--abc\r\n" + kA + "x\r\n -abc\r\n--abc--", "a=x\r\n -abc"},
        {"--abc\r\n" + kA + "x\r\n --abc\r\n--abc--", "a=x\r\n --abc"},
        {"--abc\r\n" + kA + "x\r\n-abc\r\n--abc--", "a=x\r\n-abc"},
        {"--abc\r\n" + kA + "x\r\n---abc\r\n--abc--", "a=x\r\n---abc"},
        {"--abc\r\n" + kA + "x\r\n--ABC\r\n--abc--", "a=x\r\n--ABC"},
        {"--abc\r\n" + kA + "x\r\n--ab\r\n--abc--", "a=x\r\n--ab"},
        {"--abc\r\n" + kA + "x\r\n--\r\n--abc--", "a=x\r\n--"},
        {"--abc\r\n" + kA + "x--abc\r\n--abc--", "a=x--abc"},
        {"--abc\r\n" + kA + "x\r\n--a\r\n--abc\r\n" + kA + "y\r\n--abc--", "a=x\r\n--a|a=y"},
        {"--abc--", ""},
        {"--abc--\r\n", ""},
        {"preamble\r\n--abc--\r\n", ""},
        {"", "!no line '--abc'"},
        {"abc", "!no line '--abc'"},
        {"-abc\r\n", "!no line '--abc'"},
        {"--ab", "!no line '--abc'"},
        {"--abcd\r\n" + kA + "x\r\n--abcd--", "!no line '--abc'"},
        {" --abc\r\n" + kA + "x\r\n", "!no line '--abc'"},
        {"x--abc\r\n" + kA + "x\r\n", "!no line '--abc'"},
        {"\r--abc\r\n" + kA + "x", "!no line '--abc'"},
        {"--abc\r", "!no line '--abc'"},
        {"{\"file\": \"x\"}", "!no line '--abc'"},
        {"file=x&prompt=y", "!no line '--abc'"},
    });
}

TEST(MultipartCases, ToleratesAMissingEndAfterAWholeHeader) {
    expect_each({
        {"--abc\r\n" + kA, "a="},
        {"--abc\r\n" + kA + "x", "a=x"},
        {"--abc\r\n" + kA + "x\r", "a=x\r"},
        {"--abc\r\n" + kA + "x\r\n", "a=x\r\n"},
        {"--abc\r\n" + kA + "x\r\n--abc", "a=x"},
        {"--abc\r\n" + kA + "x\r\n--abc\r\n", "a=x"},
        {"--abc\r\n" + kA + "x\r\n--abc\n", "a=x"},
        {"--abc\r\n" + kA + "x\r\n--abc  ", "a=x"},
        {"--abc\r\n" + kA + "x\r\n--abc\r", "a=x\r\n--abc\r"},
        {"--abc\r\n" + kA + "x\r\n--abc-", "a=x\r\n--abc-"},
        {"--abc\r\n" + kA + "x\r\n--abc\r\n" + kA + "y", "a=x|a=y"},
        {"--abc", "!part 1: its header is cut off"},
        {"--abc\r\n", "!part 1: its header is cut off"},
        {"--abc\r\nContent-Dis", "!part 1: its header is cut off"},
        {"--abc\r\nContent-Disposition: form-data; name=a\r\n", "!part 1: its header is cut off"},
        {"--abc\r\nContent-Disposition: form-data; name=a\r\n\r", "!part 1: its header is cut off"},
        {"--abc\r\n" + kA + "x\r\n--abc\r\nContent-Di", "!part 2: its header is cut off"},
        {"--abc\r\n" + kA + "x\r\n--abc\r\n\r\n", "!part 2: it has no Content-Disposition"},
    });
}

TEST(MultipartCases, ToleratesBareLineFeeds) {
    expect_each({
        {"--abc\nContent-Disposition: form-data; name=a\n\nx\n--abc--\n", "a=x"},
        {"--abc\nContent-Disposition: form-data; name=a\n\nx\n\n--abc--\n", "a=x\n"},
        {"--abc\nContent-Disposition: form-data; name=a\n\n--abc--\n", "a="},
        {"--abc\nContent-Disposition: form-data; name=a\n\r\nx\n--abc\nContent-Disposition: form-data; name=b\r\n\ny\n--abc--",
         "a=x|b=y"},
        {"--abc\r\nContent-Disposition: form-data; name=a\nContent-Type: image/png\r\n\r\nx\n\n\r\n--abc--\n",
         "a=x\n\n"},
        {"--abc\rContent-Disposition: form-data; name=a\r\rx\r--abc--\r", "!no line '--abc'"},
    });
}

TEST(MultipartCases, ReadsOrRefusesEachHeader) {
    const std::string a = "Content-Disposition: form-data; name=a";
    expect_each({
        {part("content-disposition: form-data; name=a"), "a=x"},
        {part("CONTENT-DISPOSITION: FORM-DATA; NAME=a"), "a=x"},
        {part("Content-Disposition:form-data;name=a"), "a=x"},
        {part("Content-Disposition:\t form-data \t;\t name=a \t"), "a=x"},
        {part("X-Other: 1\r\n" + a + "\r\nContent-Type: image/png\r\nContent-Length: 99"), "a=x"},
        {part(a + "\r\nX-Empty:"), "a=x"},
        {part(a + "\r\nX-Twice: 1\r\nX-Twice: 2"), "a=x"},
        {part(a + "\r\nContent-Type:"), "a=x"},
        {part(a + "\r\nContent-Transfer-Encoding: 7bit"), "a=x"},
        {part(a + "\r\nContent-Transfer-Encoding: 8BIT"), "a=x"},
        {part(a + "\r\nContent-Transfer-Encoding: Binary"), "a=x"},
        {part(a + "\r\nContent-Transfer-Encoding: base64"), "!Content-Transfer-Encoding 'base64'"},
        {part(a + "\r\ncontent-transfer-encoding: quoted-printable"),
         "!Content-Transfer-Encoding 'quoted-printable'"},
        {part(a + "\r\nContent-Transfer-Encoding: binary; x=y"), "!Content-Transfer-Encoding 'binary; x=y'"},
        {part(a + "\r\nContent-Transfer-Encoding:"), "!Content-Transfer-Encoding ''"},
        {part(a + "\r\nContent-Transfer-Encoding: \x80"), "!Content-Transfer-Encoding '\\x80'"},
        {part("Content-Disposition: form-data;\r\n name=a"), "!part 1: a header line is folded"},
        {part("Content-Disposition: form-data;\r\n\tname=a"), "!part 1: a header line is folded"},
        {part(" " + a), "!part 1: a header line is folded"},
        {part("Content-Disposition form-data; name=a"), "!is not a header line"},
        {part("Content-Disposition : form-data; name=a"), "!is not a header line"},
        {part(": form-data; name=a"), "!is not a header line"},
        {part("Content Disposition: form-data; name=a"), "!is not a header line"},
        {part("Content-Dispositi\xc3\xb6n: form-data; name=a"), "!is not a header line"},
        {part("Content-Disposition\0: form-data; name=a"s), "!is not a header line"},
        {part(a + "\r\nnonsense"), "!'nonsense' is not a header line"},
        {part(a + "\r\n--abc"), "!is not a header line"},
        {part(a + "\rX: y"), "!holds a control character"},
        {part(a + "\0"s), "!holds a control character"},
        {part(a + "\x7f"), "!holds a control character"},
        {part(a + "\r\nX-Other: \x01"), "!the header X-Other holds a control character"},
        {part(a + "\r\n" + a), "!Content-Disposition is given twice"},
        {part(a + "\r\nContent-Type: image/png\r\ncontent-type: text/plain"), "!content-type is given twice"},
        {part("X: y"), "!no Content-Disposition"},
        {part("Content-Type: image/png"), "!no Content-Disposition"},
        {"--abc\r\n\r\nx\r\n--abc--", "!part 1: it has no Content-Disposition"},
        {part(a + "\r\nX: " + std::string(8000, 'y')), "a=x"},
        {part(a + "\r\nX: " + std::string(9000, 'y')), "!over 8192 bytes"},
        {"--abc\r\nX: " + std::string(9000, 'y'), "!over 8192 bytes"},
    });
}

}  // namespace
}  // namespace chartsight
