#include "http/upload.hpp"

#include "chartsight/base/log.hpp"
#include "http/multipart.hpp"
#include "http/upload_option.hpp"

#include <utility>

namespace chartsight {

namespace {

constexpr std::size_t kMaxListedParts = 10;

bool is_form(const ContentType& content_type) {
    return content_type.type == "multipart/form-data";
}

bool may_hold_image(std::string_view type) {
    // curl --data-binary says it sends a URL-encoded form whatever it sends.
    return type.empty() || type.starts_with("image/") || type == "application/octet-stream" ||
           type == "application/x-www-form-urlencoded";
}

bool names_image(const Part& part) {
    return part.name == "file" || part.name == "image";
}

std::string listed(const std::vector<Part>& parts) {
    if (parts.empty()) return "the form has no parts";
    std::string out = "the parts are: ";
    for (std::size_t i = 0; i < parts.size() && i < kMaxListedParts; ++i) {
        out += (i == 0 ? "'" : ", '") + log::escaped(parts[i].name, 40) + "'";
    }
    if (parts.size() > kMaxListedParts)
        out += " and " + std::to_string(parts.size() - kMaxListedParts) + " more";
    return out;
}

Result<Upload> read_form(std::string_view boundary, SharedBytes body, const UploadOptions& from_query,
                         const UploadRules& rules) {
    auto parts = parse_multipart(body.view, boundary, MultipartLimits{});
    if (!parts) return std::unexpected(parts.error());

    Upload upload{std::move(body), std::nullopt, from_query};
    OptionReader options(upload.options, rules);
    Part* image = nullptr;
    for (Part& part : *parts) {
        if (!names_image(part)) {
            if (const auto read = options.read(part.name, part.body); !read)
                return std::unexpected(read.error());
            continue;
        }
        if (image != nullptr) {
            return fail(Errc::invalid_multipart,
                        "more than one part named 'file' or 'image'; send one image a request");
        }
        image = &part;
    }
    if (image == nullptr)
        return fail(Errc::missing_image, "no part named 'file' or 'image'; " + listed(*parts));
    if (image->body.empty()) return fail(Errc::missing_image, "the part '" + image->name + "' is empty");
    upload.image.view = image->body;
    upload.file_name = std::move(image->file_name);
    return upload;
}

}  // namespace

Result<void> check_upload_head(const ContentType& content_type, const UploadRules&) {
    if (is_form(content_type)) {
        const auto boundary = find_parameter(content_type, "boundary");
        if (!boundary)
            return fail(Errc::invalid_multipart, "Content-Type: multipart/form-data without a boundary");
        if (!is_boundary(*boundary))
            return fail(Errc::invalid_multipart,
                        "Content-Type: the boundary must be 1 to 70 of the characters RFC 2046 allows");
        return {};
    }
    if (may_hold_image(content_type.type)) return {};
    return fail(Errc::unsupported_image, "Content-Type: '" + log::escaped(content_type.type, 80) +
                                             "' holds no image; allowed: multipart/form-data, image/*, "
                                             "application/octet-stream");
}

Result<UploadOptions> read_query_options(const Target& target, const UploadRules& rules) {
    UploadOptions options{rules.default_prompt, rules.default_model, Engine::automatic, std::nullopt,
                          std::nullopt};
    OptionReader reader(options, rules);
    for (const auto& [name, value] : target.query) {
        if (const auto read = reader.read(name, value); !read) return std::unexpected(read.error());
        if (name != "filename") continue;
        if (options.file_name) return fail(Errc::invalid_option, "filename: given twice");
        options.file_name = value;
    }
    return options;
}

Result<Upload> read_upload(const ContentType& content_type, SharedBytes body, const UploadOptions& from_query,
                           const UploadRules& rules) {
    if (const auto checked = check_upload_head(content_type, rules); !checked)
        return std::unexpected(checked.error());
    if (is_form(content_type)) {
        return read_form(*find_parameter(content_type, "boundary"), std::move(body), from_query, rules);
    }
    if (body.view.empty())
        return fail(Errc::missing_image,
                    "the body is empty; send the image as the body or as a form field 'file'");
    return Upload{std::move(body), from_query.file_name, from_query};
}

}  // namespace chartsight
