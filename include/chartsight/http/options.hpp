#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace chartsight {

/// Limits and rules of the HTTP interface. Each is an option of the same name in capitals.
struct HttpOptions {
    std::chrono::milliseconds header_timeout{
        10'000};  ///< from the first byte of a request to the end of its header
    std::chrono::milliseconds body_timeout{30'000};      ///< without a byte of the body
    std::chrono::milliseconds idle_timeout{75'000};      ///< between requests, and before the first
    std::chrono::milliseconds write_timeout{30'000};     ///< without a byte of the answer taken
    std::chrono::milliseconds request_timeout{300'000};  ///< from admission to the answer
    std::uint32_t max_header_bytes{16'384};
    std::size_t max_upload_bytes{15'000'000};  ///< whole request body
    std::size_t max_connections{4'096};        ///< per worker
    std::size_t max_prompt_bytes{32'768};
    std::string default_model{"nano-banana-pro-preview"};
    std::vector<std::string> allowed_models;  ///< besides the default
    std::string default_prompt;
};

}  // namespace chartsight
