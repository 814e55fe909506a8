#pragma once

#include "answer_case.hpp"

namespace chartsight::test {

using Json = nlohmann::json;

/// One of the details of an error.
inline Json detail(const std::string& type, Json members) {
    members["@type"] = "type.googleapis.com/google.rpc." + type;
    return members;
}

/// An error's body as Google writes it.
inline std::string envelope(int code, const std::string& status, const std::string& message,
                            const std::vector<Json>& details = {}) {
    Json error{{"code", code}, {"message", message}, {"status", status}};
    if (!details.empty()) error["details"] = details;
    return Json{{"error", error}}.dump(2) + "\n";
}

}  // namespace chartsight::test
