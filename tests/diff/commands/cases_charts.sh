# template, lint, show, create.
TITLE=arguments
same template
same lint
same verify
same verify a b
same dependency list a b
same create
same package
same template --nonsense app
same template -n
same template app -x
same lint app --strict=maybe
same template app --set
TITLE=

CHECK=
same template rel app
same template app --include-crds --skip-tests
same template rel app --no-hooks --is-upgrade
same template rel app --show-only templates/x.yaml
same template rel app --show-only 'templates/*.yaml' -s templates/tests/t.yaml
same template rel app --show-only templates/none.yaml
same template rel app -s templates/mixed.yaml --skip-tests
same template rel app --output-dir out
same template rel app --output-dir out --release-name --include-crds
same template rel app --output-dir out --no-hooks -s templates/x.yaml
same template rel app --generate-name
same template app --generate-name
same template app --name-template 'x-{{ "Y" | lower }}'
same template app --name-template '{{ .x'
same template app --name-template '{{ nope }}'
same template rel app --name-template x
same template Bad_Name app
same template a b c
same template rel app --kube-version nonsense
same template rel app --kube-version 1.22 -a x/v1,y/v1 --api-versions z
same template rel app --dry-run
same template rel app --dry-run=true
same template rel app --dry-run=none
same template rel app --dry-run=often
same template rel app -f none.yaml
same template rel app -f app/values.yaml,app/values.yaml
INPUT='name: x' same template rel app -f -
same template rel app -f "$url/values.yaml"
same template rel app -f "$url/none.yaml"
same template rel app --set-file "name=$url/values.yaml"
same template rel app --atomic --wait --timeout 5s --description x --labels a=b
same template rel nowhere-at-all
same template rel ./nowhere-at-all
same template rel empty
same template rel app-1.2.3.tgz
same template rel "$url/leaf-1.0.0.tgz"
same template rel leaf --repo "$url"
same template rel leaf --repo "$url" --version '^1'
same template rel leaf --repo "$url" --version 1.0.0
same template rel leaf --repo "$url" --version 7
same template rel leaf --repo "$url" --devel
same template rel flower --repo "$url"
same template rel leaf --repo "$url/none"
same template rel garden/leaf
same template rel remote
same template rel remote --dependency-update
same template rel unknown --dependency-update

for chart in app remote two inside old outdated corrupt empty none bad/good.tgz \
  bad/nochart.tgz bad/parent.tgz app-1.2.3.tgz app/Chart.yaml; do
  same lint "$chart"
done
same lint app remote two --strict
same lint app remote --quiet
same lint app --quiet
same lint outdated --with-subcharts
same lint inside --with-subcharts --quiet
same lint app --kube-version x
same lint app --set name=x -f none.yaml
for part in all chart readme values crds; do
  for chart in app app-1.2.3.tgz two inside-0.1.0.tgz old; do
    same show "$part" "$chart"
  done
done
same show values leaf --repo "$url"
same show chart leaf --repo "$url" --version 1.x
same show chart none
same show chart ./none
same show chart empty

# The starter chart's words are our own, its files and what is said are not.
CHECK=output same create ./x
CHECK=output same create app
CHECK=output same create x --starter "$work/charts/app"
same create x --starter "$work/charts/none"
same create 'bad name'
same create not/there/x
same create bad/values.yaml
TITLE="archives"
for file in "$work"/charts/bad/*; do
  same template rel "bad/$(basename "$file")"
  same show chart "bad/$(basename "$file")"
done
TITLE=
