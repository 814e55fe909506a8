#include "http/multipart.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace chartsight {
namespace {

using namespace std::string_literals;

/// A body with the boundary "abc" and what it must read as: `name(file name)=body` of each part, parts parted
/// by
/// '|', or "!" and a piece of the refusal's text.
struct Case {
    std::string body;
    std::string expected;
};

std::string shown(const Result<std::vector<Part>>& parts) {
    if (!parts) return "!" + parts.error().detail;
    std::string out;
    for (const Part& part : *parts) {
        if (!out.empty()) out += '|';
        out += part.name;
        if (part.file_name) out += "(" + *part.file_name + ")";
        out += "=" + std::string(part.body);
    }
    return out;
}

void expect_each(const std::vector<Case>& cases) {
    for (const Case& c : cases) {
        const auto parts = parse_multipart(c.body, "abc", {});
        const std::string got = shown(parts);
        SCOPED_TRACE(testing::PrintToString(c.body));
        if (!c.expected.starts_with('!')) {
            EXPECT_EQ(got, c.expected);
            continue;
        }
        ASSERT_FALSE(parts.has_value()) << got;
        EXPECT_EQ(parts.error().code, Errc::invalid_multipart);
        EXPECT_NE(got.find(c.expected.substr(1)), got.npos) << got;
    }
}

/// One part with this header block (without the blank line) and the body "x".
std::string part(const std::string& header) {
    return "--abc\r\n" + header + "\r\n\r\nx\r\n--abc--\r\n";
}

/// One part with this text after `form-data`.
std::string disposition(const std::string& parameters) {
    return part("Content-Disposition: form-data" + parameters);
}

const std::string kA = "Content-Disposition: form-data; name=a\r\n\r\n";

TEST(MultipartCases, Delimiters) {
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

TEST(MultipartCases, MissingEnds) {
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

TEST(MultipartCases, BareLineFeeds) {
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

TEST(MultipartCases, Headers) {
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

TEST(MultipartCases, Names) {
    expect_each({
        {disposition("; name=\"a\""), "a=x"},
        {disposition("; name=\"\""), "=x"},
        {disposition("; name=\"a b\""), "a b=x"},
        {disposition("; name=\"a;b=c\""), "a;b=c=x"},
        {disposition("; name=\"a\\\"b\""), "a\"b=x"},
        {disposition("; name=\"a\\\\b\""), "a\\b=x"},
        {disposition("; name=\"a\\b\""), "a\\b=x"},
        {disposition("; name=\"a%22b\""), "a\"b=x"},
        {disposition("; name=\"a%0D%0Ab%0d%0a\""), "a\r\nb\r\n=x"},
        {disposition("; name=\"100%\""), "100%=x"},
        {disposition("; name=\"a%2\""), "a%2=x"},
        {disposition("; name=\"a%41%00\""), "a%41%00=x"},
        {disposition("; name=\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x93\x88\""),
         "\xc3\xa4\xe2\x82\xac\xf0\x9f\x93\x88=x"},
        {disposition("; name=\xc3\xa4"), "\xc3\xa4=x"},
        {disposition("; name=a-b_c.d[]"), "a-b_c.d[]=x"},
        {disposition(";;; name=a ; ;"), "a=x"},
        {disposition("; x=y; name=a; z=\"\""), "a=x"},
        {disposition("; NAME=\"A\""), "A=x"},
        {disposition("; name*=UTF-8''b; name=a"), "a=x"},
        {disposition(""), "!Content-Disposition has no name"},
        {disposition(";"), "!Content-Disposition has no name"},
        {disposition("; filename=\"chart.png\""), "!Content-Disposition has no name"},
        {disposition("; name*=UTF-8''a"), "!Content-Disposition has no name"},
        {disposition("; name"), "!a parameter without '='"},
        {disposition("; name; x=y"), "!a parameter without '='"},
        {disposition("; name="), "!the value of 'name' is malformed"},
        {disposition("; name=;"), "!the value of 'name' is malformed"},
        {disposition("; name= a"), "!the value of 'name' is malformed"},
        {disposition("; name =a"), "!is not a parameter name"},
        {disposition("; =a"), "!is not a parameter name"},
        {disposition("; n\"ame=a"), "!is not a parameter name"},
        {disposition("; name=\"a"), "!the value of 'name' is malformed"},
        {disposition("; name=\""), "!the value of 'name' is malformed"},
        {disposition("; name=\"a\\\""), "!the value of 'name' is malformed"},
        {disposition("; name=a\"b"), "!the value of 'name' is malformed"},
        {disposition("; name=\"a\"b"), "!without ';' between"},
        {disposition("; name=\"a\" b"), "!without ';' between"},
        {disposition("; name=a b"), "!without ';' between"},
        {disposition("; name=\"a\", x=y"), "!without ';' between"},
        {disposition("; name=a; name=b"), "!'name' is given twice"},
        {disposition("; name=a; Name=a"), "!'name' is given twice"},
        {disposition("; name=\"\xff\""), "!the name is not UTF-8"},
        {disposition("; name=\"\xe4\""), "!the name is not UTF-8"},
        {disposition("; name=\"\xed\xa0\x80\""), "!the name is not UTF-8"},
        {disposition("; name=\"\xc0\xaf\""), "!the name is not UTF-8"},
        {part("Content-Disposition: attachment; name=a"), "!'attachment', not 'form-data'"},
        {part("Content-Disposition: file; name=a"), "!'file', not 'form-data'"},
        {part("Content-Disposition:"), "!'', not 'form-data'"},
        {part("Content-Disposition: ; name=a"), "!'', not 'form-data'"},
        {part("Content-Disposition: form-data name=a"), "!not 'form-data'"},
        {part("Content-Disposition: form-data, name=a"), "!not 'form-data'"},
        {part("Content-Disposition: form-dat\xe4; name=a"), "!'form-dat\\xe4'"},
    });
}

TEST(MultipartCases, FileNames) {
    const auto file = [](const std::string& parameters) { return disposition("; name=a; " + parameters); };
    std::string many;
    for (int i = 0; i < 31; ++i) many += "; x" + std::to_string(i) + "=1";
    expect_each({
        {file("filename=\"chart.png\""), "a(chart.png)=x"},
        {file("filename=chart.png"), "a(chart.png)=x"},
        {file("filename=\"\""), "a()=x"},
        {file("filename=\"my chart.png\""), "a(my chart.png)=x"},
        {file("filename=\"C:\\charts\\new.png\""), "a(C:\\charts\\new.png)=x"},
        {file("filename=\"\\\\\\\\server\\charts\\x.png\""), "a(\\\\server\\charts\\x.png)=x"},
        {file("filename=\"a\\\"b.png\""), "a(a\"b.png)=x"},
        {file("filename=\"a%22b.png\""), "a(a\"b.png)=x"},
        {file("filename=\"../../etc/passwd\""), "a(../../etc/passwd)=x"},
        {file("filename=\"a;b.png\""), "a(a;b.png)=x"},
        {file("filename=\"\xe5\x9b\xbe.png\""), "a(\xe5\x9b\xbe.png)=x"},
        {file("filename=\"K\xe4se.png\""), "a(K\xc3\xa4se.png)=x"},
        {file("filename*=UTF-8''chart.png"), "a(chart.png)=x"},
        {file("filename*=utf-8'de'K%c3%A4se.png"), "a(K\xc3\xa4se.png)=x"},
        {file("filename*=ISO-8859-1''K%E4se.png"), "a(K\xc3\xa4se.png)=x"},
        {file("filename=plain.png; filename*=UTF-8''best.png"), "a(best.png)=x"},
        {file("filename*=UTF-8''best.png; filename=plain.png"), "a(best.png)=x"},
        {file("filename*=\"UTF-8''best.png\"; filename=plain.png"), "a(best.png)=x"},
        {file("filename*=UTF-8''; filename=plain.png"), "a()=x"},
        {file("filename*=UTF-8''%; filename=plain.png"), "a(plain.png)=x"},
        {file("filename*=UTF-8''%zz; filename=plain.png"), "a(plain.png)=x"},
        {file("filename*=UTF-8''%FF; filename=plain.png"), "a(plain.png)=x"},
        {file("filename*=UTF-8''%00; filename=plain.png"), "a(plain.png)=x"},
        {file("filename*=UTF-8''%0A; filename=plain.png"), "a(plain.png)=x"},
        {file("filename*=UTF-8'best.png; filename=plain.png"), "a(plain.png)=x"},
        {file("filename*=best.png; filename=plain.png"), "a(plain.png)=x"},
        {file("filename*=Shift_JIS''%83; filename=plain.png"), "a(plain.png)=x"},
        {file("filename*=best.png"), "a=x"},
        {file("filename=a; filename=b"), "!'filename' is given twice"},
        {file("filename*=UTF-8''a; FileName*=UTF-8''b"), "!'filename*' is given twice"},
        {file("filename=\"chart.png"), "!the value of 'filename' is malformed"},
        {file("filename=\"C:\\charts\\\""), "!the value of 'filename' is malformed"},
        {file("filename=my chart.png"), "!without ';' between"},
        {disposition("; name=a" + many), "a=x"},
        {disposition("; name=a" + many + "; y=1"), "!more than 32 parameters"},
    });
}

}  // namespace
}  // namespace chartsight
