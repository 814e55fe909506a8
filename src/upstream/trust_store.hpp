#pragma once

#include "chartsight/base/error.hpp"

#include <openssl/types.h>

#include <memory>
#include <string>

namespace chartsight {

/// The authorities trusted to sign a server's certificate, loaded once for all connections of a process:
/// libcurl would parse the system's file of them for each new connection (20 ms, 1 MB) and keep the result
/// with it. Thread-safe once made.
class TrustStore {
public:
    /// `ca_file` is a PEM file; empty: OpenSSL's default folder, read as needed, or SSL_CERT_FILE,
    /// SSL_CERT_DIR. A file that cannot be read makes every connection fail, with libcurl's reason.
    explicit TrustStore(const std::string& ca_file);

    /// Makes `context` trust this store and no other.
    void install(SSL_CTX* context) const;

private:
    struct Free {
        void operator()(X509_STORE* store) const;
    };
    std::unique_ptr<X509_STORE, Free> store_;
};

}  // namespace chartsight
