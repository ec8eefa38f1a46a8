namespace Orleans;

/// <summary>Stands between the code of a host and the calls that it makes, those of observers included.</summary>
public interface IOutgoingGrainCallFilter
{
    /// <summary>Sends a call by <see cref="IGrainCallContext.Invoke"/>, gives it a result, or throws what the caller gets. The time that the caller waits at most begins when the call is sent.</summary>
    /// <param name="context">The call.</param>
    Task Invoke(IOutgoingGrainCallContext context);
}
