#include "upstream/trust_store.hpp"

#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <new>

namespace chartsight {

void TrustStore::Free::operator()(X509_STORE* store) const {
    X509_STORE_free(store);
}

TrustStore::TrustStore(const std::string& ca_file) : store_(X509_STORE_new()) {
    if (!store_) throw std::bad_alloc();
    // As libcurl does: an intermediate certificate in the file is enough of an anchor.
    X509_STORE_set_flags(store_.get(), X509_V_FLAG_TRUSTED_FIRST | X509_V_FLAG_PARTIAL_CHAIN);
    if (ca_file.empty()) {
        X509_STORE_set_default_paths(store_.get());
    } else {
        X509_STORE_load_file(store_.get(), ca_file.c_str());
    }
}

void TrustStore::install(SSL_CTX* context) const {
    SSL_CTX_set1_cert_store(context, store_.get());
}

}  // namespace chartsight
