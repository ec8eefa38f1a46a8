namespace OrleansCache.Engine.Messaging;

internal enum AnswerStatus : byte
{
    /// <summary>The body is the result.</summary>
    Result,

    /// <summary>The body is what the callee threw.</summary>
    Exception,
}
