#include "chartsight/upstream/http_transport.hpp"
#include "upstream/curl_connection.hpp"

#include <iterator>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace chartsight {

namespace {

class CurlTransport : public HttpTransport {
public:
    explicit CurlTransport(const TransportOptions& options) : options_(options), trusted_(options.ca_file) {}

    Result<HttpReply> post_blocking(const HttpCall& call, Deadline deadline, std::stop_token stop) override {
        auto connection = take();
        auto reply = connection->post_blocking(call, deadline, std::move(stop));
        put_back(std::move(connection));
        return reply;
    }

    std::size_t close_unused_since(Clock::time_point then) override {
        std::vector<Idle> closing;  // destroyed after the lock is given back
        const std::scoped_lock lock(mutex_);
        auto first_used = idle_.begin();
        while (first_used != idle_.end() && first_used->since < then) ++first_used;
        closing.assign(std::move_iterator(idle_.begin()), std::move_iterator(first_used));
        idle_.erase(idle_.begin(), first_used);
        return closing.size();
    }

private:
    struct Idle {
        std::unique_ptr<CurlConnection> connection;
        Clock::time_point since;
    };

    // The one used last: few calls at a time then share few connections, however many threads there are.
    std::unique_ptr<CurlConnection> take() {
        {
            const std::scoped_lock lock(mutex_);
            if (!idle_.empty()) {
                auto connection = std::move(idle_.back().connection);
                idle_.pop_back();
                return connection;
            }
        }
        return std::make_unique<CurlConnection>(options_, trusted_);
    }

    void put_back(std::unique_ptr<CurlConnection> connection) {
        const std::scoped_lock lock(mutex_);
        idle_.push_back({std::move(connection), Clock::now()});
    }

    const TransportOptions options_;
    const TrustStore trusted_;
    std::mutex mutex_;
    std::vector<Idle> idle_;  ///< longest unused first; never more than calls were running at once
};

}  // namespace

std::unique_ptr<HttpTransport> make_curl_transport(const TransportOptions& options) {
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
    return std::make_unique<CurlTransport>(options);
}

}  // namespace chartsight
