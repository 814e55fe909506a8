#pragma once

#include "http/upload.hpp"

#include <set>
#include <string>
#include <string_view>

namespace chartsight {

/// Reads the options of one place, query or form, into an UploadOptions. Refuses one that comes twice.
class OptionReader {
public:
    /// Both outlive the reader.
    OptionReader(UploadOptions& options, const UploadRules& rules) : options_(options), rules_(rules) {}

    /// An empty value stands for the default. Unknown names are ignored. `Errc::invalid_option` changes none.
    [[nodiscard]] Result<void> read(std::string_view name, std::string_view value);

private:
    [[nodiscard]] Result<void> read_prompt(std::string_view value);
    [[nodiscard]] Result<void> read_model(std::string_view value);
    [[nodiscard]] Result<void> read_engine(std::string_view value);
    [[nodiscard]] Result<void> read_annotate(std::string_view value);

    UploadOptions& options_;
    const UploadRules& rules_;
    std::set<std::string, std::less<>> seen_;
};

}  // namespace chartsight
