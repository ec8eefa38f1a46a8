# Sourced by ./run and ./test: finds the SDK and says which engine the builds use.
#
# choose_engine sets ENGINE to microsoft or bundled, and ENGINE_REASON to why. The first call on a checkout tries once to restore
# Microsoft Orleans; what came of it is kept in artifacts/engine. To try again, remove that file; to choose, set OrleansEngine.

need_sdk() {
    if ! command -v dotnet >/dev/null 2>&1; then
        echo "dotnet is missing: install the .NET 10 SDK (package dotnet-sdk-10.0, or https://dot.net/download)." >&2
        exit 2
    fi
    if ! dotnet --list-sdks | grep -q '^10\.'; then
        echo "The .NET 10 SDK is missing; this machine has: $(dotnet --list-sdks | cut -d' ' -f1 | paste -sd' '). Install the package dotnet-sdk-10.0." >&2
        exit 2
    fi
}

choose_engine() {
    local kept="$ROOT/artifacts/engine"
    if [ -n "${OrleansEngine:-}" ]; then
        case "$OrleansEngine" in
            microsoft | bundled) ;;
            *) echo "OrleansEngine is \"$OrleansEngine\"; set it to microsoft or bundled, or leave it unset." >&2; exit 2 ;;
        esac
        ENGINE=$OrleansEngine
        ENGINE_REASON="chosen by the variable OrleansEngine"
        return
    fi
    if [ ! -f "$kept" ]; then
        need_sdk
        # The try has a folder of its own: a restore that fails half way must not be found by a build.
        local try
        try=$(mktemp -d)
        timeout 60 dotnet restore "$ROOT/silo/OrleansCache.Silo.csproj" -p:OrleansEngine=microsoft -p:ArtifactsPath="$try" >/dev/null 2>&1 &&
            timeout 60 dotnet restore "$ROOT/tests/engine/OrleansCache.Engine.Tests.csproj" -p:OrleansEngine=microsoft -p:ArtifactsPath="$try" >/dev/null 2>&1
        rm -rf "$try"
        mkdir -p "$ROOT/artifacts"
        dotnet msbuild "$ROOT/silo/OrleansCache.Silo.csproj" -getProperty:OrleansEngine -getProperty:OrleansEngineReason |
            sed -n 's/.*"OrleansEngine": "\(.*\)".*/\1/p; s/.*"OrleansEngineReason": "\(.*\)".*/\1/p' >"$kept.new"
        [ "$(wc -l <"$kept.new")" -eq 2 ] || { echo "The engine could not be found out; \"dotnet msbuild silo -getProperty:OrleansEngine\" says why." >&2; exit 2; }
        mv "$kept.new" "$kept"
    fi
    ENGINE=$(sed -n 1p "$kept")
    ENGINE_REASON=$(sed -n 2p "$kept")
}
