using OrleansCache.Engine.Messaging;

namespace OrleansCache.Engine.References;

/// <summary>A method as this host calls and runs it.</summary>
internal abstract class MethodShape(uint interfaceId, MethodContract contract)
{
    public uint InterfaceId => interfaceId;

    public uint MethodId { get; } = contract.Id;

    public Type Interface { get; } = contract.Method.DeclaringType!;

    public string FullName { get; } = contract.FullName;

    public bool IsOneWay { get; } = contract.IsOneWay;

    public bool IsAlwaysInterleave { get; } = contract.IsAlwaysInterleave;

    public bool TakesToken { get; } = contract.TokenIndex >= 0;

    public TimeSpan? Timeout { get; } = contract.Timeout;

    /// <summary>Runs a call that came by a connection. Never fails: whatever goes wrong is the call's answer.</summary>
    public abstract Task RunAsync(RelayedCall call, ICallHost host, object target);
}
