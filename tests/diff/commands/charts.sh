# The charts that the cases work on.
chart app 1.2.3 'appVersion: "7"
description: An application
icon: https://example.com/icon.png'
printf '# Read me\n' >"$work/charts/app/README.md"
mkdir -p "$work/charts/app/crds" "$work/charts/app/templates/tests"
printf 'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: a.b}\n' \
  >"$work/charts/app/crds/c.yaml"
printf 'kind: Pod\napiVersion: v1\nmetadata:\n  name: t\n  annotations: {"helm.sh/hook": test}\n' \
  >"$work/charts/app/templates/tests/t.yaml"
printf 'kind: Job\napiVersion: batch/v1\nmetadata:\n  name: h\n  annotations: {"helm.sh/hook": pre-install}\n---\nkind: Secret\napiVersion: v1\nmetadata: {name: s}\n' \
  >"$work/charts/app/templates/mixed.yaml"
echo '*.bak' >"$work/charts/app/.helmignore"
echo old >"$work/charts/app/x.bak"

wish() { # name version repository [more]
  printf -- '- name: %s\n  version: "%s"\n  repository: "%s"\n%s' "$@" ''
}
chart remote 0.1.0 "dependencies:
$(wish leaf ^1.0.0 "$url")"
chart two 0.1.0 "dependencies:
$(wish leaf '>=1.0.0 <2' "$url")
$(wish twig '*' "$url")
  alias: branch
  condition: branch.enabled
  tags: [a, b]
  import-values: [data]"
chart local 0.1.0 "dependencies:
$(wish app ~1.2.0 file://../app)"
chart inside 0.1.0 "dependencies:
$(wish sub 1.x.x '')"
mkdir -p "$work/charts/inside/charts"
chart sub 1.4.0 && mv "$work/charts/sub" "$work/charts/inside/charts/"
chart nowhere 0.1.0 "dependencies:
$(wish leaf 1.0.0 http://127.0.0.1:9/none)"
chart wrongversion 0.1.0 "dependencies:
$(wish leaf ^9 "$url")"
chart badconstraint 0.1.0 "dependencies:
$(wish leaf 'what?' "$url")"
chart unknown 0.1.0 "dependencies:
$(wish flower 1.0.0 "$url")"
chart aliased 0.1.0 "dependencies:
$(wish leaf 1.0.0 @garden)"
chart plainname 0.1.0 "dependencies:
$(wish leaf 1.0.0 stable)"
chart otherscheme 0.1.0 "dependencies:
$(wish leaf 1.0.0 ftp://example.com)"
chart lost 0.1.0 "dependencies:
$(wish leaf 1.0.0 file://../not-there)"
chart wronglocal 0.1.0 "dependencies:
$(wish app ^2 file://../app)"
chart damaged 0.1.0 "dependencies:
$(wish leaf 1.0.0 "$url/damaged")"
mkdir -p "$work/charts/old/templates" "$work/charts/empty"
printf 'apiVersion: v1\nname: old\nversion: 0.1.0\n' >"$work/charts/old/Chart.yaml"
printf 'dependencies:\n%s' "$(wish leaf 1.0.0 "$url")" \
  >"$work/charts/old/requirements.yaml"
# With what update made, as it is and spoiled.
locked() { # from to
  cp -r "$work/charts/$1" "$work/charts/$2"
  (cd "$work/charts/$2" && "$helm" dependency update . >/dev/null 2>&1)
}
locked remote built
locked two builttwo
locked old builtold
for name in built builttwo builtold; do rm -r "$work/charts/$name/charts"; done
cp -r "$work/charts/built" "$work/charts/outofsync"
sed -i 's/\^1.0.0/^1.1.0/' "$work/charts/outofsync/Chart.yaml"
locked remote outdated
cp "$work/repo/twig-0.1.0.tgz" "$work/charts/outdated/charts/"
mkdir "$work/charts/outdated/charts/folder"
sed -i 's/name: remote/name: outdated/' "$work/charts/outdated/Chart.yaml"
cp -r "$work/charts/outdated" "$work/charts/corrupt"
echo garbage >"$work/charts/corrupt/charts/leaf-1.2.0.tgz"
locked remote stale
sed -i 's/\^1.0.0/^2.0.0/' "$work/charts/stale/Chart.yaml"
rmdir "$work/charts/outdated/charts/folder"
(cd "$work/charts" && "$helm" package app old two -u -d . >/dev/null 2>&1
  "$helm" package inside -d . >/dev/null 2>&1)
rm -rf "$work"/charts/{two,old}/charts "$work"/charts/{two,old}/*.lock

# Archives that are none, or harm.
bad=$work/charts/bad && mkdir -p "$bad"
: >"$bad/empty.tgz"
echo 'a: 1' >"$bad/values.yaml"
echo text >"$bad/text.tgz"
printf '\x1f\x8b\x08\x00' >"$bad/short.tgz"
head -c 200 "$work/charts/app-1.2.3.tgz" >"$bad/cut.tgz"
archive() { # file; python statements on "add(name, text)" follow on stdin
  python3 - "$bad/$1" <<PYTHON
import io, sys, tarfile
archive = tarfile.open(sys.argv[1], "w:gz", format=tarfile.PAX_FORMAT)
def add(name, text=b"", **more):
    info = tarfile.TarInfo(name)
    info.size = len(text)
    info.pax_headers = {"comment": "x" * 200}
    for key, value in more.items():
        setattr(info, key, value)
    archive.addfile(info, io.BytesIO(text))
chart = b"apiVersion: v2\nname: a\nversion: 1.0.0\n"
map = b"kind: ConfigMap\napiVersion: v1\nmetadata: {name: x}\n"
$(cat)
archive.close()
PYTHON
}
archive good.tgz <<<'add("a/Chart.yaml", chart); add("a/templates/x.yaml", map)'
archive nochart.tgz <<<'add("a/values.yaml", b"a: 1")'
archive nothing.tgz <<<''
archive outside.tgz <<<'add("Chart.yaml", chart)'
archive parent.tgz <<<'add("a/Chart.yaml", chart); add("a/../../x", b"x")'
archive slashes.tgz <<<'add("a/Chart.yaml", chart); add("a//etc/x", b"x")'
archive drive.tgz <<<'add("a/Chart.yaml", chart); add("a/c:/x", b"x")'
archive windows.tgz <<<'add("a\\Chart.yaml", chart); add("a\\templates\\x.yaml", map)'
archive bom.tgz <<<'add("a/Chart.yaml", b"\xef\xbb\xbf" + chart); add("a/values.yaml", b"\xef\xbb\xbfa: 1\n"); add("a/templates/x.yaml", b"\xef\xbb\xbf" + map)'
archive twice.tgz <<<'add("a/Chart.yaml", chart); add("a/Chart.yaml", b"name: b\n"); add("a/templates/x.yaml", map)'
archive base.tgz <<<'add("Chart.yaml/x", chart); add("a/Chart.yaml", chart)'
archive big.tgz <<<'add("a/Chart.yaml", chart); add("a/big", b"0" * (6 << 20))'
archive zeros.tgz <<<'add("a/Chart.yaml", chart)
for i in range(22): add("a/z%d" % i, bytes(5 << 20))'
archive many.tgz <<<'add("a/Chart.yaml", chart)
for i in range(3000): add("a/templates/%d.yaml" % i, map)'
archive version.tgz <<<'add("a/Chart.yaml", chart.replace(b"v2", b"v7"))'
