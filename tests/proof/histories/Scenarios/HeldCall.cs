namespace OrleansCache.Proof.Scenarios;

/// <summary>A call that is held at a gate.</summary>
/// <param name="Contract">The interface that is called.</param>
/// <param name="Method">Its method.</param>
/// <param name="Where">
/// Where it is held: a region for its silo that calls, the name of an application that does, or the grains that are called.
/// </param>
/// <param name="OnItsWayBack">Whether the call is made, and its answer held.</param>
/// <param name="Gate">The gate.</param>
internal sealed record HeldCall(Type Contract, string Method, string Where, bool OnItsWayBack, Gate Gate);
