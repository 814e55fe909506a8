#pragma once

#include "chartsight/upstream/http_transport.hpp"
#include "loopback_server.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <utility>

namespace chartsight::test {

/// A body out of a string.
class TextBody : public BodySource {
public:
    explicit TextBody(std::string text) : text_(std::move(text)) {}

    [[nodiscard]] std::size_t size() const override { return text_.size(); }
    [[nodiscard]] std::size_t read(std::size_t offset, std::span<char> out) const override {
        return offset < text_.size() ? text_.copy(out.data(), out.size(), offset) : 0;
    }

private:
    std::string text_;
};

/// A transport, and a call of it that a test may change. A proxy of the environment is not used.
class CurlTransport : public ::testing::Test {
protected:
    CurlTransport() {
        ::setenv("no_proxy", "*", 1);
        transport_ = make_curl_transport({});
    }

    Result<HttpReply> post(const std::string& url,
                           Deadline deadline = Deadline::after(std::chrono::seconds(60)),
                           std::stop_token stop = {}) {
        call_.url = url;
        call_.body = &body_;
        return transport_->post_blocking(call_, deadline, std::move(stop));
    }

    static void expect_error(const Result<HttpReply>& reply, Errc code, const std::string& detail) {
        ASSERT_FALSE(reply) << reply->status << reply->body;
        EXPECT_EQ(name_of(reply.error().code), name_of(code)) << reply.error().detail;
        EXPECT_NE(reply.error().detail.find(detail), std::string::npos) << reply.error().detail;
        EXPECT_EQ(reply.error().detail.find("secret"), std::string::npos) << reply.error().detail;
    }

    HttpCall call_{{}, {"x-goog-api-key: secret"}, nullptr, 1000};
    TextBody body_{"{}"};
    std::unique_ptr<HttpTransport> transport_;
};

}  // namespace chartsight::test
