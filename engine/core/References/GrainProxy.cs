using OrleansCache.Engine.Filters;

namespace OrleansCache.Engine.References;

/// <summary>The base of compiled references.</summary>
internal abstract class GrainProxy(ReferenceShared shared, GrainId grainId) : GrainReference(shared, grainId)
{
    /// <summary>What each method of a compiled reference does.</summary>
    protected internal Task<TResult> Call<TArgs, TResult>(int method, TArgs args, CancellationToken token)
    {
        var shape = (MethodShape<TArgs, TResult>)Shared.Methods[method];
        return shape.Filters?.Outgoing is { Length: > 0 } filters
            ? new OutgoingCallContext<TArgs, TResult>(shape, filters, this, args, token).SendAsync()
            : Shared.Calls.Call(shape, GrainId, args, token);
    }
}
