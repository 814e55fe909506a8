#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace chartsight {

/// `<stem>_<number>`, the name of one request in every log line and answer.
class RequestId {
public:
    RequestId() = default;
    explicit RequestId(std::uint64_t number) : number_(number) {}

    /// Names the request after its upload: the file name without folder and extension, reduced to
    /// `[A-Za-z0-9-]`, at most 32 characters; `image` where nothing is left.
    void name_after(std::string_view file_name);

    [[nodiscard]] std::uint64_t number() const { return number_; }
    [[nodiscard]] std::string to_string() const { return stem_ + "_" + std::to_string(number_); }

private:
    std::string stem_{"image"};
    std::uint64_t number_{0};
};

}  // namespace chartsight
