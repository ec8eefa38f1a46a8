namespace OrleansCache.Proof.Scenarios;

/// <summary>A call that is held at a gate.</summary>
/// <param name="Contract">The interface.</param>
/// <param name="Method">The method.</param>
/// <param name="Where">
/// Where it is held: a region if its silo calls, the name of an application if that calls, or the called grains.
/// </param>
/// <param name="OnItsWayBack">Whether the call is made and its response is held.</param>
/// <param name="Gate">The gate.</param>
internal sealed record HeldCall(Type Contract, string Method, string Where, bool OnItsWayBack, Gate Gate);
