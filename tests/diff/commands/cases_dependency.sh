# dependency list, update, build; without and with named repositories.
for chart in app remote two local inside old outdated corrupt stale empty none \
  app-1.2.3.tgz inside-0.1.0.tgz; do
  same dependency list "$chart"
done
same dependency list two --max-col-width 10
same dependency list
same dependency update
for chart in app remote local inside old built outdated stale outofsync \
  wrongversion badconstraint aliased plainname otherscheme lost wronglocal \
  none app-1.2.3.tgz empty unknown; do
  same dependency update "$chart"
done
same dep up remote/
same dependency update remote --verify --keyring "$work/keys/rsa.pub"
same dependency build local
same dependency build outofsync
same dependency update two
same dependency build two
# Words about a connection that fails are libcurl's.
CHECK=failure same dependency update nowhere

"$helm" repo add garden "$url" >/dev/null
for chart in aliased remote built builtold outofsync stale; do
  same dependency update "$chart"
  same dependency build "$chart"
done
same dependency build builttwo
same dependency build builttwo --skip-refresh
same dependency update unknown
same dependency update wrongversion
same template rel garden/leaf
same template rel garden/leaf --version '~1.0'
same template rel garden/flower
same show chart garden/twig
same template rel aliased --dependency-update
rm "$HELM_CONFIG_HOME/repositories.yaml"
