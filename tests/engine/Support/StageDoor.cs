namespace OrleansCache.Engine.Tests.Support;

/// <summary>A silo's way to the stage of its cluster. Configurators are created by the test host, so the stage is put in after the start.</summary>
public sealed class StageDoor
{
    /// <summary>The stage; before the fixture has set it, one of the silo's own.</summary>
    public Stage Stage { get; set; } = new();
}
