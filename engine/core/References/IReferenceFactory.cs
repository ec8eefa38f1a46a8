namespace OrleansCache.Engine.References;

internal interface IReferenceFactory
{
    object Create(GrainId grainId, Type interfaceType);
}
