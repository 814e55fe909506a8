#pragma once

#include "chartsight/upstream/upstream.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace chartsight {

/// The picture in an inline part. Its type is what its bytes say, else the declared one if that is an image
/// type; nothing if neither is, or if `base64` is not base64.
[[nodiscard]] std::optional<Picture> read_picture(std::string_view base64, std::string_view declared_type);

/// Cuts pictures written as `data:image/…;base64,…` from a text, a Markdown image around one included, and
/// returns the last. What does not decode to a known image format stays text.
[[nodiscard]] std::optional<Picture> take_data_url_picture(std::string& text);

}  // namespace chartsight
