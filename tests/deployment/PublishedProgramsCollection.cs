using Xunit;

namespace OrleansCache.Deployment.Tests;

[CollectionDefinition(PublishedPrograms.Collection)]
public sealed class PublishedProgramsCollection : ICollectionFixture<PublishedPrograms>;
