#pragma once

#include "chartsight/upstream/http_transport.hpp"
#include "upstream/trust_store.hpp"

#include <curl/curl.h>

#include <memory>
#include <string>

namespace chartsight {

/// One request and its answer on an easy handle: sets the handle up, is the target of its callbacks, and
/// tells what came of it. The handle is reset when it ends, which keeps the connections and forgets the call.
class CurlExchange {
public:
    /// All outlive the exchange.
    CurlExchange(CURL* easy, const HttpCall& call, const TransportOptions& options,
                 const TrustStore& trusted);
    ~CurlExchange();
    CurlExchange(const CurlExchange&) = delete;
    CurlExchange& operator=(const CurlExchange&) = delete;

    /// After libcurl has ended the transfer with `code`.
    [[nodiscard]] Result<HttpReply> finish(CURLcode code);

private:
    struct FreeList {
        void operator()(curl_slist* list) const { curl_slist_free_all(list); }
    };

    void set_up(const TransportOptions& options);
    void set_up_trust(const TrustStore& trusted);
    void add_header(const char* line);
    [[nodiscard]] Error error_of(CURLcode code) const;

    static std::size_t on_read(char* out, std::size_t size, std::size_t count, void* self);
    static int on_seek(void* self, curl_off_t offset, int origin);
    static CURLcode on_tls_context(CURL* easy, void* context, void* trusted);
    static std::size_t on_write(char* bytes, std::size_t size, std::size_t count, void* self);

    CURL* easy_;
    const HttpCall& call_;
    std::unique_ptr<curl_slist, FreeList> headers_;
    std::size_t sent_{0};  ///< where libcurl reads the body on
    std::string answer_;
    bool is_over_limit_{false};
    bool is_out_of_memory_{false};
};

}  // namespace chartsight
