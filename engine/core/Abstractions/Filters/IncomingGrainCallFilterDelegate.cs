namespace Orleans;

/// <summary>Does what <see cref="IIncomingGrainCallFilter.Invoke"/> does.</summary>
/// <param name="context">The call.</param>
public delegate Task IncomingGrainCallFilterDelegate(IIncomingGrainCallContext context);
