#pragma once

#include "http/multipart.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace chartsight::multipart_case {

/// A body with the boundary "abc" and what it must read as: `name(file name)=body` of each part with '|'
/// between, or "!" and a piece of the refusal's text.
struct Case {
    std::string body;
    std::string expected;
};

inline std::string shown(const Result<std::vector<Part>>& parts) {
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

inline void expect_each(const std::vector<Case>& cases) {
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
inline std::string part(const std::string& header) {
    return "--abc\r\n" + header + "\r\n\r\nx\r\n--abc--\r\n";
}

}  // namespace chartsight::multipart_case
