namespace Orleans;

/// <summary>Does what <see cref="IOutgoingGrainCallFilter.Invoke"/> does.</summary>
/// <param name="context">The call.</param>
public delegate Task OutgoingGrainCallFilterDelegate(IOutgoingGrainCallContext context);
