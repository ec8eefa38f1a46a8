using System.Reflection;
using OrleansCache.Engine.Filters;
using OrleansCache.Engine.Messaging;

namespace OrleansCache.Engine.References;

/// <summary>A method as this host calls and runs it.</summary>
internal abstract class MethodShape(uint interfaceId, MethodContract contract, CallFilters? filters)
{
    public uint InterfaceId => interfaceId;

    public uint MethodId { get; } = contract.Id;

    public Type Interface { get; } = contract.Method.DeclaringType!;

    public MethodInfo Method { get; } = contract.Method;

    public string FullName { get; } = contract.FullName;

    public bool IsOneWay { get; } = contract.IsOneWay;

    public bool IsAlwaysInterleave { get; } = contract.IsAlwaysInterleave;

    public bool HasResult { get; } = contract.HasResult;

    public bool TakesToken { get; } = contract.TokenIndex >= 0;

    /// <summary>The place of the cancellation token among the parameters; -1: none.</summary>
    public int TokenIndex { get; } = contract.TokenIndex;

    public TimeSpan? Timeout { get; } = contract.Timeout;

    /// <summary>What the host's calls go through; null for calls of the engine's own services.</summary>
    public CallFilters? Filters => filters;

    /// <summary>Runs a call that came by a connection. Never fails: whatever goes wrong is the call's answer.</summary>
    public abstract Task RunAsync(RelayedCall call, ICallHost host, object target);
}
