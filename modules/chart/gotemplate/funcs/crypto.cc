// sprig: keys, certificates and passwords. None yet: a template that names one
// is refused when it is parsed.
#include "gotemplate/funcs/families.h"

namespace skerry::chart {

std::span<const Function> crypto_functions() {
  static const Function kTable[] = {
      {"bcrypt", {}, false, nullptr},
      {"htpasswd", {}, false, nullptr},
      {"genPrivateKey", {}, false, nullptr},
      {"derivePassword", {}, false, nullptr},
      {"buildCustomCert", {}, false, nullptr},
      {"genCA", {}, false, nullptr},
      {"genCAWithKey", {}, false, nullptr},
      {"genSelfSignedCert", {}, false, nullptr},
      {"genSelfSignedCertWithKey", {}, false, nullptr},
      {"genSignedCert", {}, false, nullptr},
      {"genSignedCertWithKey", {}, false, nullptr},
      {"encryptAES", {}, false, nullptr},
      {"decryptAES", {}, false, nullptr},
  };
  return kTable;
}

}  // namespace skerry::chart
