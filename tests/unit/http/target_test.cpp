#include "http/target.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace chartsight {
namespace {

using namespace std::string_literals;

/// A target and `path` or `path ? name=value & …`, or "!" and a piece of the refusal's text.
struct Case {
    std::string target;
    std::string expected;
};

std::string shown(const Result<Target>& target) {
    if (!target) return "!" + target.error().detail;
    std::string out = target->path;
    for (const auto& [name, value] : target->query) {
        out += out.size() == target->path.size() ? " ? " : " & ";
        out += name + "=" + value;
    }
    return out;
}

void expect_each(const std::vector<Case>& cases) {
    for (const Case& c : cases) {
        SCOPED_TRACE(testing::PrintToString(c.target));
        const auto target = parse_target(c.target);
        const std::string got = shown(target);
        if (!c.expected.starts_with('!')) {
            EXPECT_EQ(got, c.expected);
            continue;
        }
        ASSERT_FALSE(target.has_value()) << got;
        EXPECT_EQ(target.error().code, Errc::bad_request);
        EXPECT_NE(got.find(c.expected.substr(1)), got.npos) << got;
    }
}

TEST(Target, ReadsPaths) {
    expect_each({
        {"/", "/"},
        {"*", "*"},
        {"/v1/analyses", "/v1/analyses"},
        {"/v1/analyses/", "/v1/analyses/"},
        {"/%61nalyze", "/analyze"},
        {"/a%20b", "/a b"},
        {"/a+b", "/a+b"},
        {"/a%2Bb", "/a+b"},
        {"/%C3%A4", "/\xc3\xa4"},
        {"/\xc3\xa4", "/\xc3\xa4"},
        {"/%25", "/%"},
        {"/%252F", "/%2F"},
        {"/%3Fa", "/?a"},
        {"/%23a", "/#a"},
        {"//", "//"},
        {"//host/x", "//host/x"},
        {"/../etc", "/../etc"},
        {"/%2e%2e/etc", "/../etc"},
        {"/./", "/./"},
        {"/a;b=c", "/a;b=c"},
        {"/*", "/*"},
        {"/a:b@c", "/a:b@c"},
        {"/\\", "/\\"},
        {"/http://x/", "/http://x/"},
    });
}

TEST(Target, ReadsAbsoluteForm) {
    expect_each({
        {"http://host/analyze?x=1", "/analyze ? x=1"},
        {"HTTPS://host:8000/analyze", "/analyze"},
        {"http://[::1]:8000/a", "/a"},
        {"http://host", "/"},
        {"http://host?x=1", "/ ? x=1"},
        {"http://host/", "/"},
        {"http:///a", "!must begin with '/'"},
        {"http://", "!must begin with '/'"},
        {"http://?x=1", "!must begin with '/'"},
        {"http:/host/a", "!must begin with '/'"},
        {"ftp://host/a", "!must begin with '/'"},
        {"://host/a", "!must begin with '/'"},
        {"file:///etc/passwd", "!must begin with '/'"},
    });
}

TEST(Target, ReadsQueries) {
    expect_each({
        {"/?", "/"},
        {"/?x", "/ ? x="},
        {"/?x=", "/ ? x="},
        {"/?=y", "/ ? =y"},
        {"/?=", "/ ? ="},
        {"/?x=y", "/ ? x=y"},
        {"/?x=y=z", "/ ? x=y=z"},
        {"/?x=1&x=2", "/ ? x=1 & x=2"},
        {"/?&&x=1&&", "/ ? x=1"},
        {"/?x=a+b", "/ ? x=a b"},
        {"/?x=a%2Bb", "/ ? x=a+b"},
        {"/?a+b=1", "/ ? a b=1"},
        {"/?x=%26%3D", "/ ? x=&="},
        {"/?x%3Dy=1", "/ ? x=y=1"},
        {"/?x=%2F", "/ ? x=/"},
        {"/?x=/?", "/ ? x=/?"},
        {"/?x=1;y=2", "/ ? x=1;y=2"},
        {"/?x=%C3%A4", "/ ? x=\xc3\xa4"},
        {"/?x=\xc3\xa4", "/ ? x=\xc3\xa4"},
        {"/?x=%22\"", "/ ? x=\"\""},
        {"*?x=1", "!must begin with '/'"},
    });
}

TEST(Target, RefusesWhatIsMalformed) {
    expect_each({
        {"", "!must begin with '/'"},
        {"analyze", "!must begin with '/'"},
        {"?x=1", "!must begin with '/'"},
        {"host:443", "!must begin with '/'"},
        {"**", "!must begin with '/'"},
        {"/a b", "!spaces and control characters"},
        {" /", "!spaces and control characters"},
        {"/\0"s, "!spaces and control characters"},
        {"/\t", "!spaces and control characters"},
        {"/a\r\nX: y", "!spaces and control characters"},
        {"/\x7f", "!spaces and control characters"},
        {"/#", "!a fragment"},
        {"/a?x=1#top", "!a fragment"},
        {"#", "!a fragment"},
        {"/a%2Fb", "!encoded slash"},
        {"/a%2fb", "!encoded slash"},
        {"/%", "!request path: '%' must be followed"},
        {"/%4", "!request path: '%' must be followed"},
        {"/%4g", "!request path: '%' must be followed"},
        {"/%g4", "!request path: '%' must be followed"},
        {"/%%41", "!request path: '%' must be followed"},
        {"/%u0041", "!request path: '%' must be followed"},
        {"/%+1", "!request path: '%' must be followed"},
        {"/%00", "!request path: control characters"},
        {"/%0A", "!request path: control characters"},
        {"/%1f", "!request path: control characters"},
        {"/%7F", "!request path: control characters"},
        {"/%FF", "!request path: not UTF-8"},
        {"/\xff", "!request path: not UTF-8"},
        {"/%C3", "!request path: not UTF-8"},
        {"/%C0%AF", "!request path: not UTF-8"},
        {"/%ED%A0%80", "!request path: not UTF-8"},
        {"/%F4%90%80%80", "!request path: not UTF-8"},
        {"/?x=%", "!query parameter 'x': '%' must be followed"},
        {"/?x=%4", "!query parameter 'x': '%' must be followed"},
        {"/?x=%&y=41", "!query parameter 'x': '%' must be followed"},
        {"/?%=1", "!query: '%' must be followed"},
        {"/?%00=1", "!query: control characters"},
        {"/?x=%00", "!query parameter 'x': control characters"},
        {"/?x=%0d%0a", "!query parameter 'x': control characters"},
        {"/?x=%80", "!query parameter 'x': not UTF-8"},
        {"/?%80=x", "!query: not UTF-8"},
        {"/?%22=%80", "!query parameter '\\x22': not UTF-8"},
    });
}

TEST(Target, AcceptsExactlyTheLargestTarget) {
    EXPECT_TRUE(parse_target("/" + std::string(kMaxTargetBytes - 1, 'a')).has_value());
    const auto target = parse_target("/" + std::string(kMaxTargetBytes, 'a'));
    ASSERT_FALSE(target.has_value());
    EXPECT_EQ(target.error().code, Errc::target_too_long);
}

TEST(Target, AcceptsExactlyTheLargestNumberOfQueryParameters) {
    std::string text = "/?";
    for (std::size_t i = 0; i < kMaxQueryPairs; ++i) text += "x&";
    ASSERT_TRUE(parse_target(text).has_value());
    EXPECT_EQ(parse_target(text)->query.size(), kMaxQueryPairs);
    expect_each({{text + "x", "!more than 100 parameters"}});
}

TEST(Target, DecodesOrRefusesEveryEscape) {
    for (int byte = 0; byte < 256; ++byte) {
        constexpr std::string_view kDigits = "0123456789ABCDEF";
        const std::string escape{'%', kDigits[static_cast<std::size_t>(byte / 16)],
                                 kDigits[static_cast<std::size_t>(byte % 16)]};
        const bool readable = byte >= 0x20 && byte < 0x7f;
        EXPECT_EQ(parse_target("/?x=" + escape).has_value(), readable) << escape;
        EXPECT_EQ(parse_target("/" + escape).has_value(), readable && byte != '/') << escape;
    }
}

}  // namespace
}  // namespace chartsight
