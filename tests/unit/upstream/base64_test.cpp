#include "chartsight/upstream/base64.hpp"

#include <gtest/gtest.h>

#include <random>

namespace chartsight {
namespace {

using namespace std::string_literals;

struct Case {
    std::string bytes;
    std::string text;
};

const std::vector<Case>& cases() {
    static const std::vector<Case> all{
        {"", ""},
        {"f", "Zg=="},
        {"fo", "Zm8="},
        {"foo", "Zm9v"},
        {"foob", "Zm9vYg=="},
        {"fooba", "Zm9vYmE="},
        {"foobar", "Zm9vYmFy"},
        {"\0\0\0"s, "AAAA"},
        {"\xFF\xFE\xFD\xFC"s, "//79/A=="},
        {"\xFB\xEF\xBE"s, "++++"},
    };
    return all;
}

TEST(Base64, EncodesWithPadding) {
    for (const Case& c : cases()) {
        EXPECT_EQ(encode_base64(c.bytes), c.text);
        EXPECT_EQ(base64_size(c.bytes.size()), c.text.size());
    }
}

TEST(Base64, EncodesAnySliceAsThePartOfTheWhole) {
    std::string bytes;
    for (int i = 0; i < 50; ++i) bytes.push_back(static_cast<char>(i * 37));
    for (std::size_t size = 0; size <= bytes.size(); ++size) {
        const std::string_view some = std::string_view(bytes).substr(0, size);
        const std::string whole = encode_base64(some);
        for (std::size_t offset = 0; offset <= whole.size() + 1; ++offset) {
            for (std::size_t length = 0; length < 12; ++length) {
                std::string out(length, '#');
                const auto written = encode_base64_slice(some, offset, out);
                const std::string expected = offset < whole.size() ? whole.substr(offset, length) : "";
                ASSERT_EQ(out.substr(0, written), expected) << size << " bytes from " << offset;
                ASSERT_EQ(out.substr(written), std::string(length - written, '#')) << "wrote past its count";
            }
        }
    }
}

TEST(Base64, DecodesWhatItEncodes) {
    for (const Case& c : cases()) EXPECT_EQ(decode_base64(c.text), c.bytes);
    std::mt19937 random(1);
    for (std::size_t size = 0; size < 200; ++size) {
        std::string bytes(size, '\0');
        for (char& byte : bytes) byte = static_cast<char>(random());
        EXPECT_EQ(decode_base64(encode_base64(bytes)), bytes);
    }
}

TEST(Base64, DecodesWithoutPadding) {
    for (const Case& c : cases()) EXPECT_EQ(decode_base64(c.text.substr(0, c.text.find('='))), c.bytes);
}

TEST(Base64, DecodesTheUrlSafeAlphabet) {
    EXPECT_EQ(decode_base64("__79_A=="), "\xFF\xFE\xFD\xFC"s);
    EXPECT_EQ(decode_base64("----"), "\xFB\xEF\xBE"s);
    EXPECT_EQ(decode_base64("-_+/"), decode_base64("+/+/"));
}

TEST(Base64, RefusesGarbage) {
    for (const char* text : {"A",          "AAAAA",
                             "Z===",       "Zg=",
                             "Zg===",      "Zm9v=",
                             "Zm9v====",   "=",
                             "==",         "====",
                             "Zm=v",       "Zm 9v",
                             "Zm9v\n",     "Zm9*",
                             "*m9v",       "Z*==",
                             "Zm9vZ*",     "iVBORw0KGgo*** not base64 ***",
                             "Zm\xC3\xA4", "data:image/png;base64,Zm9v"}) {
        EXPECT_FALSE(decode_base64(text)) << text;
    }
    EXPECT_FALSE(decode_base64("Zm\0v"s));
}

}  // namespace
}  // namespace chartsight
