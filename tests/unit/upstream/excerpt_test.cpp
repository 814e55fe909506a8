#include "upstream/excerpt.hpp"

#include <gtest/gtest.h>

namespace chartsight {
namespace {

using namespace std::string_literals;

TEST(Excerpt, KeepsPlainTextUpToItsLimit) {
    EXPECT_EQ(excerpt("Unable to process input image.", 300), "Unable to process input image.");
    EXPECT_EQ(excerpt("abcdef", 3), "abc");
    EXPECT_EQ(excerpt("", 300), "");
    EXPECT_EQ(excerpt(std::string(100'000, 'x'), 300), std::string(300, 'x'));
}

TEST(Excerpt, FoldsWhiteSpaceAndControlCharacters) {
    EXPECT_EQ(excerpt("\r\n a\r\n\r\n b\t\x7F\x1B[31mc\0d \n"s, 300), "a b [31mc d");
}

TEST(Excerpt, ShowsOneQuestionMarkForACharacterBeyondAscii) {
    EXPECT_EQ(excerpt("\xC3\xA4 \xE2\x82\xAC \xF0\x9F\x93\x88 \xFF", 300), "? ? ? ?");
}

TEST(Excerpt, RemovesWhatLooksLikeAKey) {
    struct Case {
        const char* text;
        const char* shown;
    };
    for (const Case& c : {Case{"key AIzaSyA-0123456789_abcdefghijklmnopqrstu is bad", "key [key] is bad"},
                          Case{"(AQ.Ab8RN6abcdefghijklmnop)", "([key])"},
                          Case{"token ya29.a0AfH6SMBabcdefghijk.", "token [key]"},
                          Case{"POST /v1?key=secretsecret&alt=sse", "POST /v1?key=[key]&alt=sse"},
                          Case{"Authorization: Bearer abcdefgh12345", "Authorization: Bearer [key]"},
                          Case{"two AIzaSyA0123456789 and AIzaSyB0123456789", "two [key] and [key]"},
                          Case{"AIza", "AIza"}, Case{"FAQ. Read it", "FAQ. Read it"}}) {
        EXPECT_EQ(excerpt(c.text, 300), c.shown);
    }
}

TEST(Excerpt, RemovesAKeyThatTheLimitWouldCut) {
    const std::string text = std::string(290, '.') + " AIzaSyA0123456789012345678901234567";
    EXPECT_EQ(excerpt(text, 300), std::string(290, '.') + " [key]");
}

}  // namespace
}  // namespace chartsight
