#pragma once

#include "chartsight/upstream/http_transport.hpp"
#include "upstream/trust_store.hpp"

#include <curl/curl.h>

#include <memory>
#include <stop_token>

namespace chartsight {

/// One call's way to the network: a multi handle of its own, which keeps its connection for the next call and
/// can be woken from another thread. Between two calls it holds nothing else. Not thread-safe, but for the
/// stop_token.
class CurlConnection {
public:
    /// Both outlive it.
    CurlConnection(const TransportOptions& options, const TrustStore& trusted);

    /// Blocking. As HttpTransport::post_blocking; one call at a time.
    [[nodiscard]] Result<HttpReply> post_blocking(const HttpCall& call, Deadline deadline,
                                                  std::stop_token stop);

private:
    struct FreeEasy {
        void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
    };
    struct FreeMulti {
        void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
    };

    const TransportOptions& options_;
    const TrustStore& trusted_;
    std::unique_ptr<CURLM, FreeMulti> multi_;
};

}  // namespace chartsight
