# package, verify.
same package app
same package app old --destination out
same package app --version 9.9.9-x+y --app-version 8
same package app --version 1.2
same package app --version nonsense
same package inside outdated
same package remote
same package remote -u
same package remote --dependency-update -d out
same package two -u
same package local -u
same package unknown -u
same package empty
same package none
same package app-1.2.3.tgz
same package app --sign
same package app -d app/Chart.yaml
same package app --sign --key rsa --keyring "$work/keys/rsa.sec"
same package app --sign --key nobody --keyring "$work/keys/rsa.sec"
same package app --sign --key example.com --keyring "$work/keys/both.sec"
same package app --sign --key rsa --keyring "$work/keys/rsa.pub"
same package app --sign --key rsa --keyring "$work/keys/none"
same package app --sign --key locked --keyring "$work/keys/locked.sec" \
  --passphrase-file app/README.md
same package app --sign --key locked --keyring "$work/keys/locked.sec" \
  --passphrase-file none

for key in rsa edward locked lockeded; do
  for keyring in rsa edward both locked lockeded; do
    same verify "signed/$key/app-1.2.3.tgz" --keyring "$work/keys/$keyring.pub"
  done
done
for case in changed bare nosig forged; do
  same verify "signed/$case/app-1.2.3.tgz" --keyring "$work/keys/rsa.pub"
done
same verify signed/bygpg/app-1.2.3.tgz --keyring "$work/keys/edward.pub"
same verify signed/renamed/b.tgz --keyring "$work/keys/rsa.pub"
same verify app --keyring "$work/keys/rsa.pub"
same verify none.tgz --keyring "$work/keys/rsa.pub"
same verify app/Chart.yaml --keyring "$work/keys/rsa.pub"
same verify signed/rsa/app-1.2.3.tgz --keyring "$work/keys/none.pub"
same verify signed/rsa/app-1.2.3.tgz --keyring app/README.md
same template rel signed/rsa/app-1.2.3.tgz --verify \
  --keyring "$work/keys/rsa.pub"
same template rel signed/rsa/app-1.2.3.tgz --verify \
  --keyring "$work/keys/edward.pub"
same template rel leaf --repo "$url" --verify --keyring "$work/keys/rsa.pub"

# What we sign, Helm and GnuPG believe.
signed_by_us() { # key [passphrase]
  fresh
  echo "${2:-}" >"$box/pass"
  if "$skerry" package "$box/app" -d "$box" --sign --key "$1" \
    --keyring "$work/keys/$1.sec" ${2:+--passphrase-file "$box/pass"} \
    >/dev/null &&
    "$helm" verify "$box/app-1.2.3.tgz" --keyring "$work/keys/$1.pub" \
      >/dev/null &&
    gpg --batch --quiet --verify "$box/app-1.2.3.tgz.prov" 2>/dev/null &&
    "$skerry" verify "$box/app-1.2.3.tgz" --keyring "$work/keys/$1.asc" \
      >/dev/null; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    echo "FAIL: what we sign with the key '$1' is not believed"
  fi
}
if [ ${#words[@]} = 0 ]; then
  signed_by_us rsa
  signed_by_us edward
  signed_by_us locked secret
  signed_by_us lockeded secret
fi
