#include "http/multipart.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace chartsight {
namespace {

using namespace std::string_literals;

/// What holds for any input: parts lie inside the body, in order, and no part holds a whole delimiter line.
void expect_sound(std::string_view body, const Result<std::vector<Part>>& parts) {
    if (!parts) {
        EXPECT_EQ(parts.error().code, Errc::invalid_multipart);
        EXPECT_FALSE(parts.error().detail.empty());
        return;
    }
    const char* from = body.data();
    for (const Part& part : *parts) {
        ASSERT_GE(part.body.data(), from);
        from = part.body.data() + part.body.size();
        ASSERT_LE(from, body.data() + body.size());
        EXPECT_EQ(part.body.find("\n--abc\r\n"), part.body.npos);
        EXPECT_EQ(part.body.find("\n--abc--\r\n"), part.body.npos);
    }
}

const std::string kForm =
    "--abc\r\nContent-Disposition: form-data; name=\"prompt\"\r\n\r\nhi\r\n"
    "--abc\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\\\"b.png\"\r\n"
    "Content-Type: image/png\r\nContent-Transfer-Encoding: binary\r\n\r\n"
    "\x89PNG\r\n\x1a\n\r\n--ab\r\n--abc--\r\n";

TEST(MultipartGenerated, SurvivesEveryTruncation) {
    const auto whole = parse_multipart(kForm, "abc", {});
    ASSERT_TRUE(whole.has_value());
    for (std::size_t size = 0; size <= kForm.size(); ++size) {
        const std::string cut = kForm.substr(0, size);
        const auto parts = parse_multipart(cut, "abc", {});
        expect_sound(cut, parts);
        if (!parts) continue;
        ASSERT_LE(parts->size(), whole->size()) << size;
        if (parts->size() == 2) {
            EXPECT_EQ(parts->at(0).body, "hi");
        }
    }
}

TEST(MultipartGenerated, SurvivesEveryChangedByte) {
    for (std::size_t i = 0; i < kForm.size(); ++i) {
        for (const char c : "\0\t\n\r \"%'-:;=\\a\x7f\xff"s) {
            std::string body = kForm;
            body[i] = c;
            expect_sound(body, parse_multipart(body, "abc", {}));
        }
    }
}

TEST(MultipartGenerated, SurvivesEveryRemovedDoubledAndSwappedByte) {
    for (std::size_t i = 0; i + 1 < kForm.size(); ++i) {
        std::string removed = kForm;
        removed.erase(i, 1);
        expect_sound(removed, parse_multipart(removed, "abc", {}));
        std::string doubled = kForm;
        doubled.insert(i, 1, doubled[i]);
        expect_sound(doubled, parse_multipart(doubled, "abc", {}));
        std::string swapped = kForm;
        std::swap(swapped[i], swapped[i + 1]);
        expect_sound(swapped, parse_multipart(swapped, "abc", {}));
    }
}

TEST(MultipartGenerated, GivesBackWhatWasPutIn) {
    std::mt19937 random(20240611);
    const std::vector<std::string> pieces{"\r",   "\n",     "\r\n",    "-",     "--",
                                          "--ab", "--abcd", "abc",     "x",     std::string(1, '\0'),
                                          "\xff", " ",      "--abc x", "--abc-"};
    for (int round = 0; round < 2000; ++round) {
        std::vector<std::string> bodies(random() % 4);
        std::string form = random() % 2 == 0 ? "" : "preamble\r\n";
        for (std::string& body : bodies) {
            // "x" ends what would otherwise become a delimiter by the pieces around it.
            for (auto n = random() % 12; n > 0; --n)
                body += pieces[random() % pieces.size()] + (random() % 3 == 0 ? "x" : "");
            if (("\n" + body + "\r\n").find("\n--abc\r\n") != std::string::npos) body.clear();
            for (const std::string_view delimiter : {"\n--abc\n", "\n--abc--", "\n--abc "}) {
                if (("\n" + body + "\r\n").find(delimiter) != std::string::npos) body.clear();
            }
            form += "--abc\r\nContent-Disposition: form-data; name=n\r\n\r\n" + body + "\r\n";
        }
        form += "--abc--\r\n";
        const auto parts = parse_multipart(form, "abc", {});
        ASSERT_TRUE(parts.has_value()) << parts.error().detail << testing::PrintToString(form);
        ASSERT_EQ(parts->size(), bodies.size()) << testing::PrintToString(form);
        for (std::size_t i = 0; i < bodies.size(); ++i) ASSERT_EQ(parts->at(i).body, bodies[i]);
    }
}

TEST(MultipartGenerated, SurvivesNoiseMadeOfItsOwnPieces) {
    std::mt19937 random(7);
    const std::vector<std::string> pieces{"--abc",
                                          "--",
                                          "\r\n",
                                          "\n",
                                          "\r\n\r\n",
                                          "Content-Disposition: form-data; name=",
                                          "a",
                                          "\"",
                                          ";",
                                          " ",
                                          "\\",
                                          "filename*=UTF-8''",
                                          "%",
                                          "\t",
                                          std::string(1, '\0'),
                                          "Content-Type: "};
    for (int round = 0; round < 5000; ++round) {
        std::string body;
        for (auto n = random() % 30; n > 0; --n) body += pieces[random() % pieces.size()];
        expect_sound(body, parse_multipart(body, "abc", {}));
    }
}

}  // namespace
}  // namespace chartsight
