#pragma once

#include "chartsight/base/error.hpp"
#include "chartsight/base/shared_bytes.hpp"
#include "http/content_type.hpp"
#include "http/target.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace chartsight {

struct UploadRules {
    std::string default_model;
    std::vector<std::string> allowed_models;  ///< always includes the default; no "models/" prefix
    std::string default_prompt;
    std::size_t max_prompt_bytes{32768};
};

enum class Engine { automatic, gemini };

struct UploadOptions {
    std::string prompt;
    std::string model;  ///< one of the allowed ones, no "models/" prefix
    Engine engine{Engine::automatic};
    std::optional<bool> annotate;
    std::optional<std::string> file_name;  ///< the query's `filename`: names a body that is the image itself
};

struct Upload {
    SharedBytes image;  ///< never empty
    std::optional<std::string> file_name;
    UploadOptions options;
};

/// Refuses, before the body is read, a type that cannot hold an image: `Errc::unsupported_image`, or
/// `Errc::invalid_multipart` for a form without a legal boundary. An absent type is fine.
[[nodiscard]] Result<void> check_upload_head(const ContentType& content_type, const UploadRules& rules);

/// The options of the query; absent and empty ones have their defaults. Unknown names are ignored.
/// `Errc::invalid_option` names the option and what is allowed.
[[nodiscard]] Result<UploadOptions> read_query_options(const Target& target, const UploadRules& rules);

/// The image, a view that shares `body`, and the options, where a form's field wins over the query's.
/// Refuses what `check_upload_head` and `parse_multipart` do; `Errc::missing_image` for no image or an empty
/// one, `Errc::invalid_multipart` for two, `Errc::invalid_option` as for the query.
[[nodiscard]] Result<Upload> read_upload(const ContentType& content_type, SharedBytes body,
                                         const UploadOptions& from_query, const UploadRules& rules);

}  // namespace chartsight
