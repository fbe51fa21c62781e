# Keys made by GnuPG: RSA and Ed25519, with and without a passphrase; expired.
make_key() { # name algorithm passphrase [expiry]
  gpg --batch --quiet --pinentry-mode loopback --passphrase "$3" \
    --quick-generate-key "$1 <$1@example.com>" "$2" sign "${4:-never}" \
    2>/dev/null
  gpg --batch --quiet --export "$1@example.com" >"$work/keys/$1.pub"
  gpg --batch --quiet --armor --export "$1@example.com" >"$work/keys/$1.asc"
  gpg --batch --quiet --pinentry-mode loopback --passphrase "$3" \
    --export-secret-keys "$1@example.com" >"$work/keys/$1.sec" 2>/dev/null
}
make_key rsa rsa2048 ''
make_key edward ed25519 ''
make_key locked rsa3072 secret
make_key lockeded ed25519 secret
cat "$work/keys/rsa.pub" "$work/keys/edward.pub" >"$work/keys/both.pub"
cat "$work/keys/rsa.sec" "$work/keys/edward.sec" >"$work/keys/both.sec"
mkdir -p "$work/charts/signed"
sign() { # key [passphrase]
  mkdir -p "$work/charts/signed/$1"
  echo "${2:-}" >"$work/charts/signed/pass"
  "$helm" package "$work/charts/app" -d "$work/charts/signed/$1" --sign \
    --key "$1" --keyring "$work/keys/$1.sec" \
    ${2:+--passphrase-file "$work/charts/signed/pass"} >/dev/null
}
sign rsa
sign edward
sign locked secret
sign lockeded secret
(cd "$work/charts/signed" && cp -r rsa changed && cp -r rsa bare &&
  cp -r rsa renamed && cp -r rsa nosig && cp -r rsa forged && cp -r rsa bygpg
  cp "$work/repo/leaf-1.0.0.tgz" changed/app-1.2.3.tgz
  rm bare/*.prov
  mv renamed/app-1.2.3.tgz renamed/b.tgz
  mv renamed/app-1.2.3.tgz.prov renamed/b.tgz.prov
  echo nothing >nosig/app-1.2.3.tgz.prov
  sed -i 's/An application/Another one/' forged/app-1.2.3.tgz.prov
  gpg --batch --quiet --decrypt rsa/app-1.2.3.tgz.prov 2>/dev/null >text
  gpg --batch --quiet --yes -u edward --clearsign \
    -o bygpg/app-1.2.3.tgz.prov text 2>/dev/null
  rm text pass)
