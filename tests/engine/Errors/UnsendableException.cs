namespace OrleansCache.Engine.Tests.Errors;

/// <summary>An error that nobody has made fit to be sent.</summary>
public sealed class UnsendableException(string message) : Exception(message);
