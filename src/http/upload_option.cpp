#include "http/upload_option.hpp"

#include "chartsight/base/log.hpp"
#include "http/ascii.hpp"
#include "http/utf8.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace chartsight {

namespace {

std::unexpected<Error> refuse(std::string_view option, std::string reason) {
    return fail(Errc::invalid_option, std::string(option) + ": " + std::move(reason));
}

std::string quoted(std::string_view value) {
    return "'" + log::escaped(value, 100) + "'";
}

std::string joined(const std::vector<std::string>& names) {
    std::string out;
    for (const std::string& name : names) out += (out.empty() ? "" : ", ") + name;
    return out;
}

}  // namespace

Result<void> OptionReader::read(std::string_view name, std::string_view value) {
    using Read = Result<void> (OptionReader::*)(std::string_view);
    constexpr std::array<std::pair<std::string_view, Read>, 4> kOptions{{
        {"prompt", &OptionReader::read_prompt},
        {"model", &OptionReader::read_model},
        {"engine", &OptionReader::read_engine},
        {"annotate", &OptionReader::read_annotate},
    }};
    const auto option =
        std::find_if(kOptions.begin(), kOptions.end(), [&](const auto& o) { return o.first == name; });
    if (option == kOptions.end()) return {};
    if (!seen_.emplace(name).second) return refuse(name, "given twice");
    return (this->*option->second)(value);
}

Result<void> OptionReader::read_prompt(std::string_view value) {
    if (value.size() > rules_.max_prompt_bytes) {
        return refuse("prompt", std::to_string(value.size()) + " bytes; allowed: at most " +
                                    std::to_string(rules_.max_prompt_bytes));
    }
    if (value.find('\0') != value.npos) return refuse("prompt", "holds a NUL character");
    if (!utf8::is_valid(value)) return refuse("prompt", "not UTF-8");
    options_.prompt = value.empty() ? rules_.default_prompt : std::string(value);
    return {};
}

Result<void> OptionReader::read_model(std::string_view value) {
    constexpr std::string_view kPrefix = "models/";
    const std::string_view model = value.starts_with(kPrefix) ? value.substr(kPrefix.size()) : value;
    const auto& allowed = rules_.allowed_models;
    if (!value.empty() && std::find(allowed.begin(), allowed.end(), model) == allowed.end()) {
        return refuse("model", quoted(value) + " is not allowed; allowed: " + joined(allowed));
    }
    options_.model = value.empty() ? rules_.default_model : std::string(model);
    return {};
}

Result<void> OptionReader::read_engine(std::string_view value) {
    if (value == "local" || value == "both") {
        return refuse("engine", quoted(value) + " is not available in this version; allowed: auto, gemini");
    }
    if (!value.empty() && value != "auto" && value != "gemini") {
        return refuse("engine", quoted(value) + " is not an engine; allowed: auto, gemini");
    }
    options_.engine = value == "gemini" ? Engine::gemini : Engine::automatic;
    return {};
}

Result<void> OptionReader::read_annotate(std::string_view value) {
    const auto is_one_of = [value](const std::array<std::string_view, 4>& words) {
        return std::any_of(words.begin(), words.end(),
                           [&](auto word) { return ascii::equal_ignoring_case(value, word); });
    };
    if (value.empty()) {
        options_.annotate.reset();
    } else if (is_one_of({"1", "true", "yes", "on"})) {
        options_.annotate = true;
    } else if (is_one_of({"0", "false", "no", "off"})) {
        options_.annotate = false;
    } else {
        return refuse("annotate",
                      quoted(value) + " is neither yes nor no; allowed: 1, true, yes, on, 0, false, no, off");
    }
    return {};
}

}  // namespace chartsight
