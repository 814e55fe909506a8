#include "http/multipart.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace chartsight {
namespace {

using namespace std::string_literals;

constexpr std::string_view kFileHeader =
    "Content-Disposition: form-data; name=\"file\"; filename=\"chart.png\"\r\n\r\n";

bool lies_inside(std::string_view view, std::string_view body) {
    return view.data() >= body.data() && view.data() + view.size() <= body.data() + body.size();
}

std::string with_file(std::string_view data) {
    return "--abc\r\n" + std::string(kFileHeader) + std::string(data) + "\r\n--abc--\r\n";
}

void expect_refused(const Result<std::vector<Part>>& parts, std::string_view reason) {
    ASSERT_FALSE(parts.has_value());
    EXPECT_EQ(parts.error().code, Errc::invalid_multipart);
    EXPECT_NE(parts.error().detail.find(reason), std::string::npos) << parts.error().detail;
}

TEST(Multipart, ReadsWhatCurlSends) {
    const std::string body =
        "--------------------------d74496d66958873e\r\n"
        "Content-Disposition: form-data; name=\"prompt\"\r\n\r\n"
        "What does it show?\r\n"
        "--------------------------d74496d66958873e\r\n"
        "Content-Disposition: form-data; name=\"file\"; filename=\"chart.png\"\r\n"
        "Content-Type: image/png\r\n\r\n"
        "\x89PNG\r\n\x1a\n\r\n"
        "--------------------------d74496d66958873e--\r\n";
    const auto parts = parse_multipart(body, "------------------------d74496d66958873e", {});
    ASSERT_TRUE(parts.has_value()) << parts.error().detail;
    ASSERT_EQ(parts->size(), 2u);
    EXPECT_EQ((*parts)[0].name, "prompt");
    EXPECT_FALSE((*parts)[0].file_name.has_value());
    EXPECT_TRUE((*parts)[0].content_type.empty());
    EXPECT_EQ((*parts)[0].body, "What does it show?");
    EXPECT_EQ((*parts)[1].name, "file");
    EXPECT_EQ((*parts)[1].file_name, "chart.png");
    EXPECT_EQ((*parts)[1].content_type, "image/png");
    EXPECT_EQ((*parts)[1].body, "\x89PNG\r\n\x1a\n");
}

TEST(Multipart, CopiesNoBody) {
    const std::string body = with_file("pixels");
    const auto parts = parse_multipart(body, "abc", {});
    ASSERT_TRUE(parts.has_value());
    EXPECT_TRUE(lies_inside((*parts)[0].body, body));
}

TEST(Multipart, KeepsBinaryThatContainsTheBoundarysBeginning) {
    const std::string data = "\r\n--ab\0\r\n--abcdef\n--abc-\r\n --abc\r\n--ABC\r\nx--abc\r\n"s;
    const std::string body = with_file(data);
    const auto parts = parse_multipart(body, "abc", {});
    ASSERT_TRUE(parts.has_value()) << parts.error().detail;
    ASSERT_EQ(parts->size(), 1u);
    EXPECT_EQ((*parts)[0].body, data);
}

TEST(Multipart, StripsExactlyTheLineBreakBeforeTheDelimiter) {
    for (const std::string_view data :
         {"", "\n", "\r", "\r\n", "x\n", "x\r", "x\r\n", "x\n\n", "\r\n\r\n", "\n\r"}) {
        const std::string body = with_file(data);
        const auto parts = parse_multipart(body, "abc", {});
        ASSERT_TRUE(parts.has_value()) << parts.error().detail;
        EXPECT_EQ(parts->at(0).body, data);
    }
}

TEST(Multipart, GivesTheLastPartEverythingIfTheLastDelimiterIsMissing) {
    const std::string body = "--abc\r\n" + std::string(kFileHeader) + "pixels\r\n--ab";
    const auto parts = parse_multipart(body, "abc", {});
    ASSERT_TRUE(parts.has_value());
    EXPECT_EQ(parts->at(0).body, "pixels\r\n--ab");
}

TEST(Multipart, NamesThePartThatIsWrong) {
    const std::string body =
        "--abc\r\n" + std::string(kFileHeader) + "1\r\n--abc\r\nContent-Type: text/plain\r\n\r\n2\r\n--abc--";
    expect_refused(parse_multipart(body, "abc", {}), "part 2: it has no Content-Disposition");
}

TEST(Multipart, TellsHowToSendWhatIsBase64) {
    const std::string body =
        "--abc\r\nContent-Disposition: form-data; name=\"file\"\r\nContent-Transfer-Encoding: base64\r\n\r\neA==\r\n--abc--";
    const auto parts = parse_multipart(body, "abc", {});
    expect_refused(parts, "'base64'");
    expect_refused(parts, "RFC 7578");
}

TEST(Multipart, AcceptsExactlyTheLargestNumberOfParts) {
    std::string body;
    for (int i = 0; i < 3; ++i) body += "--abc\r\n" + std::string(kFileHeader) + "x\r\n";
    body += "--abc--\r\n";
    EXPECT_TRUE(parse_multipart(body, "abc", {.max_parts = 3}).has_value());
    expect_refused(parse_multipart(body, "abc", {.max_parts = 2}), "more than 2 parts");
}

TEST(Multipart, AcceptsExactlyTheLargestHeader) {
    const std::string body = with_file("x");
    EXPECT_TRUE(parse_multipart(body, "abc", {.max_part_header_bytes = kFileHeader.size()}).has_value());
    const std::size_t less = kFileHeader.size() - 1;
    expect_refused(parse_multipart(body, "abc", {.max_part_header_bytes = less}),
                   "over " + std::to_string(less) + " bytes");
}

TEST(Multipart, AcceptsExactlyTheBoundariesOfRfc2046) {
    const auto parses = [](const std::string& boundary) {
        const std::string body =
            "--" + boundary + "\r\n" + std::string(kFileHeader) + "x\r\n--" + boundary + "--";
        return parse_multipart(body, boundary, {}).has_value();
    };
    EXPECT_TRUE(parses("a"));
    EXPECT_TRUE(parses(std::string(70, 'a')));
    EXPECT_TRUE(parses("0aZ'()+_,-./:=? x"));
    EXPECT_TRUE(parses("--"));
    EXPECT_FALSE(parses(""));
    EXPECT_FALSE(parses(std::string(71, 'a')));
    for (const char c : "\0\r\n\t\"\\;<>@[]{}!#$%&*^`|~\x7f\x80\xff"s)
        EXPECT_FALSE(parses(std::string("a") + c + "b"));
    EXPECT_FALSE(parses("a "));
}

// What a naive search makes quadratic. The time is far above what is needed and far below what quadratic
// takes.
TEST(Multipart, TakesLinearTimeForHostileBodies) {
    const std::string boundary = "boundary" + std::string(62, '-');
    for (const std::string_view piece : {"\r\n--bounda", "\n", "\r\n--boundary-", "-", "\r\n--", "--boundary",
                                         "\n--boundary--------------"}) {
        std::string body = "--" + boundary + "\r\n" + std::string(kFileHeader);
        const std::size_t begin = body.size();
        while (body.size() < (1u << 20)) body += piece;
        const std::size_t end = body.size();
        body += "\r\n--" + boundary + "--";
        const auto start = std::chrono::steady_clock::now();
        const auto parts = parse_multipart(body, boundary, {});
        EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(2));
        ASSERT_TRUE(parts.has_value());
        EXPECT_EQ(parts->at(0).body.size(), end - begin);
    }
}

}  // namespace
}  // namespace chartsight
