#include "upstream/request_body.hpp"

#include "chartsight/upstream/base64.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace chartsight {

namespace {

std::string quoted(const std::string& text) {
    using Json = nlohmann::json;
    return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

// No `generationConfig` at all unless something stands in it.
std::string generation_config(Pictures pictures) {
    switch (pictures) {
        case Pictures::unspecified: return {};
        case Pictures::wanted: return R"(,"generationConfig":{"responseModalities":["TEXT","IMAGE"]})";
        case Pictures::unwanted: return R"(,"generationConfig":{"responseModalities":["TEXT"]})";
    }
    return {};
}

std::size_t copy_from(std::string_view text, std::size_t offset, std::span<char> out) {
    if (offset >= text.size()) return 0;
    return text.copy(out.data(), out.size(), offset);
}

}  // namespace

// The image stands before the question, as Google advises for one image.
GenerateContentBody::GenerateContentBody(const UpstreamRequest& request)
    : prefix_(R"({"contents":[{"role":"user","parts":[{"inlineData":{"mimeType":)" +
              quoted(request.mime_type) + R"(,"data":")"),
      image_(request.image),
      suffix_(R"("}},{"text":)" + quoted(request.prompt) + "}]}]" + generation_config(request.pictures) +
              "}") {}

std::size_t GenerateContentBody::size() const {
    return prefix_.size() + base64_size(image_.view.size()) + suffix_.size();
}

std::size_t GenerateContentBody::read(std::size_t offset, std::span<char> out) const {
    const std::size_t image_end = prefix_.size() + base64_size(image_.view.size());
    std::size_t done = copy_from(prefix_, offset, out);
    if (offset + done >= prefix_.size() && done < out.size()) {
        done += encode_base64_slice(image_.view, offset + done - prefix_.size(), out.subspan(done));
    }
    if (offset + done >= image_end && done < out.size()) {
        done += copy_from(suffix_, offset + done - image_end, out.subspan(done));
    }
    return done;
}

}  // namespace chartsight
