namespace OrleansCache.Coherence.Scenarios;

/// <summary>A call that is held at a gate.</summary>
/// <param name="Contract">The interface that is called.</param>
/// <param name="Method">Its method.</param>
/// <param name="From">Where the call is made: a region for its silo, or the name of an application.</param>
/// <param name="OnItsWayBack">Whether the call is made, and its answer held.</param>
/// <param name="Gate">The gate.</param>
internal sealed record HeldCall(Type Contract, string Method, string From, bool OnItsWayBack, Gate Gate);
