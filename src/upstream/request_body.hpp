#pragma once

#include "chartsight/upstream/http_transport.hpp"
#include "chartsight/upstream/upstream.hpp"

#include <string>

namespace chartsight {

/// The JSON of one generateContent request. The image's base64, most of it, never exists as a whole: each
/// read encodes its slice from the bytes of the upload.
class GenerateContentBody : public BodySource {
public:
    explicit GenerateContentBody(const UpstreamRequest& request);

    [[nodiscard]] std::size_t size() const override;
    [[nodiscard]] std::size_t read(std::size_t offset, std::span<char> out) const override;

private:
    std::string prefix_;  ///< up to the opening quote of the base64
    SharedBytes image_;
    std::string suffix_;  ///< from its closing quote on
};

}  // namespace chartsight
