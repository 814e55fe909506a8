#include "chartsight/image/image.hpp"

namespace chartsight {

std::string_view mime_type_of(ImageFormat format) {
    switch (format) {
        case ImageFormat::png: return "image/png";
        case ImageFormat::jpeg: return "image/jpeg";
        case ImageFormat::webp: return "image/webp";
    }
    return "application/octet-stream";
}

std::string_view name_of(ImageFormat format) {
    switch (format) {
        case ImageFormat::png: return "png";
        case ImageFormat::jpeg: return "jpeg";
        case ImageFormat::webp: return "webp";
    }
    return "unknown";
}

}  // namespace chartsight
