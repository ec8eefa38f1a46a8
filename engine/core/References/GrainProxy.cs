namespace OrleansCache.Engine.References;

/// <summary>The base of compiled references.</summary>
internal abstract class GrainProxy(ReferenceShared shared, GrainId grainId) : GrainReference(shared, grainId)
{
    /// <summary>What each method of a compiled reference does.</summary>
    protected internal Task<TResult> Call<TArgs, TResult>(int method, TArgs args, CancellationToken token) =>
        Shared.Calls.Call((MethodShape<TArgs, TResult>)Shared.Methods[method], GrainId, args, token);
}
