#include "upstream/lenient_json.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>

namespace chartsight {

namespace {

using Json = nlohmann::json;

constexpr std::size_t kMaxDepth = 64;

// Skips strings by their closing quote: a picture's megabytes of base64 are one memchr.
std::size_t end_of_string(std::string_view text, std::size_t opening) {
    for (std::size_t at = text.find('"', opening + 1); at != text.npos; at = text.find('"', at + 1)) {
        std::size_t first = at;
        while (text[first - 1] == '\\') --first;
        if ((at - first) % 2 == 0) return at;
    }
    return text.size();
}

bool nests_too_deep(std::string_view text) {
    std::size_t depth = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (c == '"') {
            at = end_of_string(text, at);
        } else if (c == '{' || c == '[') {
            if (++depth > kMaxDepth) return true;
        } else if ((c == '}' || c == ']') && depth > 0) {
            --depth;
        }
    }
    return false;
}

}  // namespace

bool is_json(std::string_view text) {
    return !nests_too_deep(text) && Json::accept(text);
}

std::optional<Json> parse_json(std::string_view text) {
    if (nests_too_deep(text)) return std::nullopt;
    Json value = Json::parse(text, nullptr, false);
    if (value.is_discarded()) return std::nullopt;
    return value;
}

const Json* find_member(const Json* object, const char* name) {
    if (object == nullptr || !object->is_object()) return nullptr;
    const auto found = object->find(name);
    return found == object->end() ? nullptr : &*found;
}

const Json* first_element(const Json* array) {
    return array != nullptr && array->is_array() && !array->empty() ? &array->front() : nullptr;
}

std::string_view string_member(const Json* object, const char* name) {
    const Json* member = find_member(object, name);
    const auto* text = member == nullptr ? nullptr : member->get_ptr<const std::string*>();
    return text == nullptr ? std::string_view{} : std::string_view(*text);
}

std::int64_t count_member(const Json* object, const char* name) {
    const Json* member = find_member(object, name);
    std::int64_t count = 0;
    if (member != nullptr && member->is_number_integer()) {
        count = member->get<std::int64_t>();
    } else {
        const std::string_view text = string_member(object, name);
        std::from_chars(text.data(), text.data() + text.size(), count);
    }
    return std::max<std::int64_t>(count, 0);
}

}  // namespace chartsight
