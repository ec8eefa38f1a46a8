using System.Reflection;
using Orleans.Serialization.Invocation;
using OrleansCache.Access;
using OrleansCache.Owners;

namespace OrleansCache.Tests.Access;

/// <summary>The list of calls that clients may make.</summary>
public sealed class ClientCallsTests
{
    [Fact]
    public void It_lists_these_calls_and_no_others()
    {
        var listed = GrainMethods()
            .Select(method => (Kind: ClientCalls.KindOf(new Call(method)), Name: $"{method.DeclaringType!.Name}.{method.Name}"))
            .Where(call => call.Kind is not CallKind.Internal).OrderBy(call => call.Name, StringComparer.Ordinal)
            .Select(call => $"{call.Name}: {call.Kind}");

        Assert.Equal(
            [
                "IBatchGrain.LookupAsync: Open",
                "IBookGrain.LookupAsync: Open",
                "IBookGrain.TraceAsync: Open",
                "ICatalogGrain.ReadPageAsync: Operator",
                "IHealthGrain.CheckAsync: Open",
                "INearSource.ConfirmAsync: Open",
                "INearSource.JoinAsync: Open",
                "INearSource.LeaveAsync: Open",
                "INearSource.LookupManyAsync: Open",
                "INearSource.RenewAsync: Open",
                "IOwnerGrain.EditAsync: Open",
                "IOwnerGrain.PeekAsync: Open",
                "IRegionRouterGrain.AddNodeAsync: Operator",
                "IRegionRouterGrain.GetHotKeysAsync: Open",
                "IRegionRouterGrain.GetRingAsync: Open",
                "IRegionRouterGrain.GetStatisticsAsync: Open",
                "IRegionRouterGrain.PeekAsync: Open",
                "IRegionRouterGrain.PurgeAsync: Operator",
                "IRegionRouterGrain.RemoveNodeAsync: Operator",
                "IRegionRouterGrain.SetNodeWeightAsync: Operator",
            ],
            listed);
    }

    private static IEnumerable<MethodInfo> GrainMethods() =>
        from assembly in (Assembly[])[typeof(IBookGrain).Assembly, typeof(OwnerGrain).Assembly]
        from type in assembly.GetTypes()
        where type.IsInterface && typeof(IAddressable).IsAssignableFrom(type)
        from method in type.GetMethods()
        select method;

    /// <summary>A call as Orleans describes it.</summary>
    private sealed class Call(MethodInfo method) : IInvokable
    {
        public string GetMethodName() => method.Name;

        public string GetInterfaceName() => method.DeclaringType!.Name;

        public string GetActivityName() => method.Name;

        public MethodInfo GetMethod() => method;

        public Type GetInterfaceType() => method.DeclaringType!;

        public int GetArgumentCount() => 0;

        public object? GetArgument(int index) => null;

        public void SetArgument(int index, object? value)
        {
        }

        public object? GetTarget() => null;

        public void SetTarget(ITargetHolder holder)
        {
        }

        public ValueTask<Response> Invoke() => throw new NotSupportedException();

        public void Dispose()
        {
        }
    }
}
