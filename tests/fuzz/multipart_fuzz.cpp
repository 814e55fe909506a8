// Input: a Content-Type in the first line, after it the body of the upload.

#include "http/content_type.hpp"
#include "http/multipart.hpp"
#include "http/upload.hpp"
#include "http/utf8.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace chartsight {
namespace {

void require(bool holds) {
    if (!holds) std::abort();
}

bool lies_inside(std::string_view view, std::string_view body) {
    return view.data() >= body.data() && view.data() + view.size() <= body.data() + body.size();
}

void check_parts(std::string_view body, std::string_view boundary) {
    const MultipartLimits limits{.max_parts = 8, .max_part_header_bytes = 256};
    const auto parts = parse_multipart(body, boundary, limits);
    if (!parts) {
        require(parts.error().code == Errc::invalid_multipart && !parts.error().detail.empty());
        return;
    }
    require(parts->size() <= limits.max_parts);
    const std::string delimiter_line = "\n--" + std::string(boundary) + "\n";
    const char* from = body.data();
    for (const Part& part : *parts) {
        require(lies_inside(part.body, body) && part.body.data() >= from);
        require(part.content_type.empty() || lies_inside(part.content_type, body));
        require(part.body.find(delimiter_line) == part.body.npos);
        require(utf8::is_valid(part.name) && utf8::is_valid(part.file_name.value_or("")));
        from = part.body.data() + part.body.size();
    }
}

void check_upload(const ContentType& content_type, std::string_view body) {
    const UploadRules rules{"flash", {"flash", "pro"}, "Describe the chart.", 32};
    const UploadOptions from_query{"Describe the chart.", "flash", Engine::automatic, std::nullopt,
                                   std::nullopt};
    const auto upload = read_upload(content_type, SharedBytes::of(std::string(body)), from_query, rules);
    if (!upload) {
        require(!upload.error().detail.empty() && utf8::is_valid(upload.error().detail));
        return;
    }
    require(check_upload_head(content_type, rules).has_value());
    require(!upload->image.view.empty() && lies_inside(upload->image.view, *upload->image.owner));
    require(utf8::is_valid(upload->options.prompt) && !upload->options.prompt.empty());
    require(upload->options.model == "flash" || upload->options.model == "pro");
}

}  // namespace
}  // namespace chartsight

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace chartsight;
    const std::string input(data, data + size);
    const auto line_end = input.find('\n');
    if (line_end == input.npos) return 0;
    const auto content_type = parse_content_type(std::string_view(input).substr(0, line_end));
    if (!content_type) return 0;
    const std::string_view body = std::string_view(input).substr(line_end + 1);
    if (const auto boundary = find_parameter(*content_type, "boundary")) check_parts(body, *boundary);
    check_upload(*content_type, body);
    return 0;
}
