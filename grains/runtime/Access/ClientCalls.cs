using System.Collections.Frozen;
using Orleans.Serialization.Invocation;

namespace OrleansCache.Access;

/// <summary>
/// The calls of the cache and of Orleans that clients may make, by interface and method. All others of them are between silos.
/// </summary>
internal static class ClientCalls
{
    private static readonly FrozenDictionary<Type, FrozenDictionary<string, CallKind>?> Listed =
        new Dictionary<Type, FrozenDictionary<string, CallKind>?>
        {
            [typeof(IBookGrain)] = null,
            [typeof(IBatchGrain)] = null,
            [typeof(INearSource)] = null,
            [typeof(IHealthGrain)] = null,
            [typeof(IOwnerGrain)] = Methods(
                (nameof(IOwnerGrain.EditAsync), CallKind.Open),
                (nameof(IOwnerGrain.PeekAsync), CallKind.Open)),
            // It gives all books away at once, and takes some of the catalog's time.
            [typeof(ICatalogGrain)] = Methods((nameof(ICatalogGrain.ReadPageAsync), CallKind.Operator)),
            [typeof(IRegionRouterGrain)] = Methods(
                (nameof(IRegionRouterGrain.GetRingAsync), CallKind.Open),
                (nameof(IRegionRouterGrain.GetStatisticsAsync), CallKind.Open),
                (nameof(IRegionRouterGrain.GetHotKeysAsync), CallKind.Open),
                (nameof(IRegionRouterGrain.PeekAsync), CallKind.Open),
                (nameof(IRegionRouterGrain.AddNodeAsync), CallKind.Operator),
                (nameof(IRegionRouterGrain.RemoveNodeAsync), CallKind.Operator),
                (nameof(IRegionRouterGrain.SetNodeWeightAsync), CallKind.Operator),
                (nameof(IRegionRouterGrain.PurgeAsync), CallKind.Operator)),
        }.ToFrozenDictionary();

    // What Orleans' own client sends: the cancellation of a call, the question which grains there are, and, in a test cluster, which silos.
    private static readonly FrozenSet<(string Interface, string Method)> OfOrleans =
    [
        ("Orleans.Runtime.IGrainCallCancellationExtension", "CancelRequestAsync"),
        ("Orleans.Runtime.IClusterManifestSystemTarget", "GetClusterManifest"),
        ("Orleans.Runtime.IClusterManifestSystemTarget", "GetClusterManifestUpdate"),
        ("Orleans.Runtime.TestHooks.ITestHooks", "GetApproximateSiloStatuses"),
    ];

    /// <summary>What a client needs for a call.</summary>
    public static CallKind KindOf(IInvokable call)
    {
        var type = call.GetInterfaceType();
        if (Listed.TryGetValue(type, out var methods))
            return methods is null ? CallKind.Open : methods.GetValueOrDefault(call.GetMethodName(), CallKind.Internal);
        if (type.Assembly == typeof(IBookGrain).Assembly || type.Assembly == typeof(ClientCalls).Assembly)
            return CallKind.Internal;
        // An application may have grains of its own in its silos; they are its own concern.
        return !type.FullName!.StartsWith("Orleans.", StringComparison.Ordinal) || OfOrleans.Contains((type.FullName, call.GetMethodName()))
            ? CallKind.Open
            : CallKind.Internal;
    }

    private static FrozenDictionary<string, CallKind> Methods(params (string Name, CallKind Kind)[] methods) =>
        methods.ToFrozenDictionary(method => method.Name, method => method.Kind);
}
