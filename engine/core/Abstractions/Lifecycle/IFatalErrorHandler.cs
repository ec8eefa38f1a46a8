namespace Orleans.Runtime;

/// <summary>Decides what happens when a silo cannot go on, such as when the cluster has declared it dead. By default its host is stopped.</summary>
public interface IFatalErrorHandler
{
    /// <summary>Whether an exception is none that a silo may meet in its ordinary life.</summary>
    /// <param name="exception">The exception.</param>
    bool IsUnexpected(Exception exception);

    /// <summary>Called once the silo has ended.</summary>
    /// <param name="sender">The part of the silo that found out.</param>
    /// <param name="context">Why the silo cannot go on.</param>
    /// <param name="exception">The error behind it, if there is one.</param>
    void OnFatalException(object? sender = null, string? context = null, Exception? exception = null);
}
