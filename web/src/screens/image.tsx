import { Empty } from '../components/notice';
import { t } from '../i18n';
import { split_image } from '../lib/images';
import { ImageManifestPage } from './image_manifest';
import { ImageRepositoryPage } from './image_repository';

// A repository, or with a tag or a digest one image in it.
export function ImagePage(props: {
  project: string;
  image: string;
  query: URLSearchParams;
}) {
  const { project, image, query } = props;
  const { repository, reference } = split_image(image);
  if (!repository) {
    return <Empty icon="question" title={t('state.no_such_page')} />;
  }
  return reference ? (
    <ImageManifestPage image={{ project, repository, reference }} />
  ) : (
    <ImageRepositoryPage
      project={project}
      repository={repository}
      query={query}
    />
  );
}
