#include "chartsight/upstream/http_transport.hpp"
#include "upstream/curl_connection.hpp"

#include <map>
#include <mutex>
#include <thread>
#include <utility>

namespace chartsight {

namespace {

// The connections belong to the transport and not to the threads, so that they end with it.
class CurlTransport : public HttpTransport {
public:
    explicit CurlTransport(const TransportOptions& options) : options_(options), trusted_(options.ca_file) {}

    Result<HttpReply> post_blocking(const HttpCall& call, Deadline deadline, std::stop_token stop) override {
        return connection_of_this_thread().post_blocking(call, deadline, std::move(stop));
    }

private:
    CurlConnection& connection_of_this_thread() {
        const std::scoped_lock lock(mutex_);
        return connections_.try_emplace(std::this_thread::get_id(), options_, trusted_).first->second;
    }

    const TransportOptions options_;
    const TrustStore trusted_;
    std::mutex mutex_;  ///< guards the map; a connection is its thread's alone
    std::map<std::thread::id, CurlConnection> connections_;
};

}  // namespace

std::unique_ptr<HttpTransport> make_curl_transport(const TransportOptions& options) {
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
    return std::make_unique<CurlTransport>(options);
}

}  // namespace chartsight
